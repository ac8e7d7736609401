// Putting a drawing in order, or a part of it: what stands well stays, and it is
// one step that can be undone.
import { descriptorOf, useStudio } from '../engine'
import { edit, flowOf, movedBlocks, tidyUp } from '../document'
import { announce, notify } from '../ui'
import { viewHandle } from './view'

export function tidy(slug: string, only: string[] | null = null): void {
  const open = flowOf(slug)
  if (!open) return
  edit(slug, tidyUp(only, useStudio.getState().catalogue, descriptorOf))
  const after = flowOf(slug)?.doc ?? open.doc
  const moved = movedBlocks(open.doc, after)
  if (after === open.doc) {
    notify.info(only ? 'The selected blocks stand well already.' : 'Everything stands well already.')
    return
  }
  announce(`Tidied up: ${moved.length} ${moved.length === 1 ? 'block' : 'blocks'} moved`)
  // A picture that is a new one is shown whole.
  if (moved.length * 2 > Object.keys(after.flow.blocks).length) requestAnimationFrame(() => viewHandle()?.fit())
}
