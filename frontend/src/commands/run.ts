// Running a command: by id, or because its key was pressed.
import { attempt, matches, type KeyPress } from '../ui'
import { keysOf } from './keys'
import { allCommands, commandById, isEnabled, type Command } from './registry'

export function runCommand(id: string): void {
  const command = commandById(id)
  if (command && isEnabled(command)) start(command)
}

export function start(command: Command): void {
  attempt(async () => {
    await command.run()
  })
}

export interface KeyPlace {
  inText: boolean
  inCanvas: boolean
  inDialog: boolean
}

/** The command a press means at this place, if any. */
export function commandForKey(press: KeyPress, place: KeyPlace, list: Command[] = allCommands()): Command | undefined {
  if (place.inDialog) return undefined
  return list.find((command) => {
    if (!keysOf(command).some((keys) => matches(press, keys))) return false
    if (place.inText && !command.inText) return false
    if (command.where === 'canvas' && !place.inCanvas) return false
    return isEnabled(command)
  })
}

/** Where the keyboard is. */
export function placeOfTarget(target: EventTarget | null): KeyPlace {
  const element = target instanceof HTMLElement ? target : null
  const inText = element !== null && (element.isContentEditable || isTextField(element))
  const inCanvas = !element || element === document.body || element.closest('[data-keys="canvas"]') !== null
  return { inText, inCanvas, inDialog: document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"]') !== null }
}

function isTextField(element: HTMLElement): boolean {
  if (element instanceof HTMLTextAreaElement) return true
  if (!(element instanceof HTMLInputElement)) return false
  return !['button', 'checkbox', 'radio', 'submit', 'range'].includes(element.type)
}

/** Listens to the keyboard of the whole window; answers how to stop. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const command = commandForKey(event, placeOfTarget(event.target))
    if (!command) return
    event.preventDefault()
    event.stopPropagation()
    start(command)
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}
