// What can be done with the Action in front.
import type { Command } from '../commands'
import { activeAction, tryAction } from './trying'

export const actionCommands: Command[] = [
  {
    id: 'action.try',
    title: 'Try this Action',
    menu: 'Run',
    group: 9,
    keys: ['Mod+Enter'],
    inText: true,
    when: () => activeAction() !== null,
    run: async () => {
      const path = activeAction()
      if (path) await tryAction(path)
    },
  },
]
