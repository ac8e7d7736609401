// The hints as commands: back again, away for good.
import type { Command } from '../commands'
import { areOff, noMoreHints, showHintsAgain } from './hints'

export const hintCommands: Command[] = [
  { id: 'help.hints', title: 'Show hints again', menu: 'Help', group: 1, run: showHintsAgain },
  { id: 'help.noHints', title: 'No more hints', menu: 'Help', group: 1, when: () => !areOff(), run: noMoreHints },
]
