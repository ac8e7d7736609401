// The system's menus, where the window has them: told from the registry of
// commands, again whenever what can be done has changed.
import { call, on, useStudio, type MenuView } from '../engine'
import { isEnabled, keysOf, menuLines, menuNames, onCommandsChange, runCommand, titleOfCommand, type MenuName } from '../commands'
import { text } from '../ui'

/** What can be done changes with every click; asking each second is cheap and late enough to see. */
const OFTEN = 1000

const none = ''
const line = { line: true, id: none, title: none, keys: none, enabled: false }

function menuOf(name: MenuName): MenuView['items'] {
  return menuLines(name).flatMap(({ command, begins }) => {
    // A key that a text being edited needs for itself is not the menu's.
    const keys = command.inText ? (keysOf(command)[0] ?? none) : none
    return [...(begins ? [line] : []), { line: false, id: command.id, title: titleOfCommand(command), keys, enabled: isEnabled(command) }]
  })
}

let shown = ''

function show(): void {
  if (document.hidden) return
  const bar = menuNames.map((name) => ({ id: name, title: text(name), items: menuOf(name) }))
  const now = JSON.stringify(bar)
  if (now === shown) return
  shown = now
  void call('app.menus', { menus: bar }).catch(() => undefined)
}

/** Fills the system's menus from now on, in a window that has them. */
export function fillNativeMenus(): () => void {
  if (!useStudio.getState().info?.native_menus) return () => undefined
  show()
  const timer = setInterval(show, OFTEN)
  const stop = onCommandsChange(show)
  return () => {
    clearInterval(timer)
    stop()
  }
}

on('command', ({ id }) => {
  runCommand(id)
  show()
})
