// Collapsing and expanding frames, or a selection that becomes one.
import { collapse, collapseBlocks, edit, flowOf, frameAround, groupsOf, groupWords, pieceKey, pieceOf, select, type OpenFlow } from '../document'
import type { Command } from '../commands'
import { announce } from '../ui'
import { frontFlow, onFlow } from './front'
import { choosePiece, usePiece } from './pieces'
import { viewHandle } from './view'

/** The frame that is meant: the chosen one, or that around the selection. */
function meant(open: OpenFlow): string | undefined {
  const { slug, key } = usePiece.getState()
  const piece = slug === open.slug && (open.blocks.length === 0 || chosenGroup() !== undefined) ? pieceOf(key) : null
  return piece?.kind === 'frame' ? piece.id : frameAround(open.doc, open.blocks)
}

export function toggleFrame(slug: string, id: string): void {
  const frame = flowOf(slug)?.doc.layout.frames?.[id]
  if (!frame) return
  if (!edit(slug, collapse(id, !frame.collapsed))) return
  if (frame.collapsed) expanded(slug, id)
  else collapsed(slug, id)
}

/** The card takes the keyboard, and the blocks stay selected behind it. */
function collapsed(slug: string, id: string): void {
  const key = pieceKey({ kind: 'frame', id })
  choosePiece(slug, key)
  const doc = flowOf(slug)?.doc
  const group = doc && groupsOf(doc).find((g) => g.key === key)
  if (group) announce(`Collapsed ${group.frame.title}: ${groupWords(group)}`)
  requestAnimationFrame(() => viewHandle()?.reveal(key, true))
}

function expanded(slug: string, id: string): void {
  const frame = flowOf(slug)?.doc.layout.frames?.[id]
  const first = frame?.blocks[0]
  choosePiece(slug, null)
  if (!frame || first === undefined) return
  select(slug, [first])
  announce(`Expanded ${frame.title}: ${frame.blocks.join(', ')}`)
  requestAnimationFrame(() => viewHandle()?.reveal(first, true))
}

const toggle = onFlow((open) => {
  const id = meant(open)
  if (id !== undefined) return toggleFrame(open.slug, id)
  const made = collapseBlocks(open.doc, open.blocks)
  if (edit(open.slug, made.edit)) collapsed(open.slug, made.id)
})

/** The collapsed frame that has the keyboard. */
function chosenGroup(): string | undefined {
  const open = frontFlow()
  const { slug, key } = usePiece.getState()
  const group = open && slug === open.slug ? groupsOf(open.doc).find((g) => g.key === key) : undefined
  return group && open?.blocks.length === group.blocks.length && group.blocks.every((id) => open.blocks.includes(id)) ? group.id : undefined
}

const canToggle = () => {
  const open = frontFlow()
  return open !== undefined && (meant(open) !== undefined || open.blocks.length > 1)
}

function title(): string {
  const open = frontFlow()
  const id = open && meant(open)
  if (id === undefined) return 'Collapse the selection'
  return open?.doc.layout.frames?.[id]?.collapsed ? 'Expand the frame' : 'Collapse the frame'
}

/** These come before others with the same keys: a collapsed frame stands for blocks that are selected as well. */
export const frameCommands: Command[] = [
  {
    id: 'frame.expand',
    title: 'Expand the collapsed frame',
    keys: ['Enter'],
    where: 'canvas',
    hidden: true,
    when: () => chosenGroup() !== undefined,
    run: onFlow((open) => {
      const id = chosenGroup()
      if (id !== undefined) toggleFrame(open.slug, id)
    }),
  },
  { id: 'frame.toggle', title, menu: 'Edit', group: 4, keys: ['Shift+F'], where: 'canvas', when: canToggle, run: toggle },
]
