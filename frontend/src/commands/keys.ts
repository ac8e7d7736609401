// Which keys run a command: those it was made with, or those a person has bound
// instead. What was bound is kept with the person's settings.
import { keepSetting, setting, useSettings } from '../engine'
import { parseKeys, showKeys, type KeyPress } from '../ui'
import { allCommands, onCommandsChange, titleOfCommand, type Command } from './registry'

const KEY = 'keys'

/** Bound by the person: command → chords; an empty list binds none. */
function bound(): Record<string, string[]> {
  return setting<Record<string, string[]>>(useSettings.getState().values, KEY, {})
}

/** The chords of a command, the first one to be shown. */
export function keysOf(command: Command): string[] {
  const own = bound()[command.id]
  return Array.isArray(own) ? own.filter((keys) => typeof keys === 'string') : (command.keys ?? [])
}

/** The chord that stands beside the name of a command. */
export function shownKey(command: Command): string | undefined {
  return keysOf(command)[0] ?? command.system
}

/** Keeps every key that is shown as it is bound; answers how to stop. */
export function followKeys(): () => void {
  const show = () => showKeys(Object.fromEntries(allCommands().flatMap((command) => (shownKey(command) ? [[command.id, shownKey(command)!]] : []))))
  show()
  const stops = [onCommandsChange(show), useSettings.subscribe((now, before) => now.values[KEY] !== before.values[KEY] && show())]
  return () => stops.forEach((stop) => stop())
}

export function isRebound(command: Command): boolean {
  return command.id in bound()
}

/** Binds chords to a command instead of its own; null goes back to those. */
export function bindKeys(command: Command, keys: string[] | null): void {
  const next = { ...bound() }
  delete next[command.id]
  if (keys !== null && keys.join() !== (command.keys ?? []).join()) next[command.id] = keys
  keepSetting(KEY, next)
}

/** All commands get their own keys back. */
export function resetKeys(): void {
  keepSetting(KEY, {})
}

/** Two chords that one press would mean. */
function same(a: string, b: string): boolean {
  const [x, y] = [parseKeys(a), parseKeys(b)]
  return x.key === y.key && x.mod === y.mod && x.shift === y.shift && x.alt === y.alt
}

/** Commands beside this one that the same chord runs at the same place. */
export function conflictsOf(command: Command, keys: string, list: Command[] = allCommands()): Command[] {
  return list.filter((other) => {
    if (other.id === command.id || !keysOf(other).some((chord) => same(chord, keys))) return false
    // Two that were made with one key are never enabled together: F5 runs, or continues.
    const made = (c: Command) => c.keys?.some((chord) => same(chord, keys)) === true
    return !(made(command) && made(other))
  })
}

const MODIFIERS = ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified']

/** The chord that a press is; null while only modifiers are held. */
export function chordOf(press: KeyPress, mac: boolean): string | null {
  if (MODIFIERS.includes(press.key)) return null
  const digit = /^Digit([0-9])$/.exec(press.code ?? '')?.[1]
  const named = press.key.length > 1 || /[a-z0-9]/i.test(press.key)
  const key = digit ?? (press.key.length === 1 ? press.key.toUpperCase() : press.key)
  const parts = [(mac ? press.metaKey : press.ctrlKey) && 'Mod', press.altKey && 'Alt', press.shiftKey && (named || digit) && 'Shift', key]
  return parts.filter(Boolean).join('+')
}

/** Takes a chord away from every other command that it runs at the same place. */
export function takeKeys(command: Command, keys: string): void {
  for (const other of conflictsOf(command, keys)) {
    bindKeys(
      other,
      keysOf(other).filter((chord) => !same(chord, keys)),
    )
  }
}

/** How a conflict is told: the titles of the others. */
export function conflictText(command: Command, keys: string): string {
  return conflictsOf(command, keys)
    .map((other) => titleOfCommand(other))
    .join(', ')
}
