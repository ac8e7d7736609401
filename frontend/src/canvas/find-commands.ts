// Commands that look for a text on the drawing.
import { hideUses, useUses } from '../document'
import type { Command } from '../commands'
import { closeFind, openFind, stepFind, useFind } from './find'
import { hasFlow, onFlow } from './front'

const searching = () => hasFlow() && useFind.getState().hits.length > 0

export const findCommands: Command[] = [
  { id: 'edit.find', title: 'Find…', menu: 'Edit', group: 5, keys: ['Mod+F'], inText: true, when: hasFlow, run: openFind },
  { id: 'edit.findNext', title: 'Find the next one', keys: ['F3'], inText: true, when: searching, run: onFlow((open) => stepFind(open.slug, 1)) },
  { id: 'edit.findPrevious', title: 'Find the one before', keys: ['Shift+F3'], inText: true, when: searching, run: onFlow((open) => stepFind(open.slug, -1)) },
  { id: 'edit.findClose', title: 'Close the search', keys: ['Escape'], where: 'canvas', hidden: true, when: () => useFind.getState().open, run: closeFind },
  { id: 'edit.usesClose', title: 'No longer show where a value is used', where: 'canvas', keys: ['Escape'], when: () => useUses.getState().path !== null, run: hideUses },
]
