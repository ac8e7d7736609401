// What can be done with a comparison.
import { stopComparing, useCompare } from '../engine'
import { activeFlow } from '../document'
import type { Command } from '../commands'
import { openCompare } from './CompareDialog'

function open(): void {
  const slug = activeFlow()
  if (slug !== null) openCompare(slug)
}

export const compareCommands: Command[] = [
  { id: 'compare.with', title: 'Compare this flow with another version…', menu: 'View', when: () => activeFlow() !== null, run: open },
  { id: 'compare.stop', title: 'Stop comparing', when: () => useCompare.getState().slug !== null, run: stopComparing },
]
