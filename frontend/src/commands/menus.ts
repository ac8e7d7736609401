// What stands in the menus, wherever they are drawn: in the window or by the system.
import { marked } from '../ui'
import { allCommands, type Command, type MenuName } from './registry'

export const menuNames: MenuName[] = marked('File', 'Edit', 'View', 'Run', 'Help')

export interface MenuLine {
  command: Command
  /** A line stands above it: another group begins. */
  begins: boolean
}

export function menuLines(name: MenuName, commands: Command[] = allCommands()): MenuLine[] {
  const mine = commands.filter((command) => command.menu === name).sort((a, b) => (a.group ?? 0) - (b.group ?? 0))
  return mine.map((command, index) => ({ command, begins: index > 0 && mine[index - 1]!.group !== command.group }))
}
