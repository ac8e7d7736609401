// A full tidy: new places for all blocks, as one step that can be undone.
import { descriptorOf, useStudio } from '../engine'
import { arrange, edit, flowOf } from '../document'
import { announce } from '../ui'
import { viewHandle } from './view'

export function tidy(slug: string): void {
  const open = flowOf(slug)
  if (!open) return
  const blocks = arrange(open.doc.flow, useStudio.getState().catalogue, descriptorOf)
  const done = edit(slug, { label: 'Tidy up', apply: (doc) => ({ ...doc, layout: { ...doc.layout, blocks } }) })
  if (done) announce('Tidied up')
  requestAnimationFrame(() => viewHandle()?.fit())
}
