// Blocks that show the flow which they run inside of them. Such a card is larger;
// what stands beside or below moves out of its way, no further than it must, and
// back when the card is closed. Kept with the layout, and no part of what a flow
// means (rule G1).
import type { Expansion, Layout } from '../engine'
import type { Edit, Lookup } from './edits'
import type { Doc, Point } from './model'
import { CARD_WIDTH, cardShape } from './sizes'

export interface Size {
  width: number
  height: number
}

const BESIDE = 72
const BELOW = 32

/** How large the card of a block is drawn. */
export function sizeOf(doc: Doc, id: string, lookup: Lookup): Size {
  const block = doc.flow.blocks[id]
  return block ? cardShape(block, lookup(block.type, block.config), doc.layout.expanded?.[id]) : { width: CARD_WIDTH, height: 0 }
}

export function expandCard(id: string, size: Size, title: string, lookup: Lookup): Edit {
  return {
    label: `Expand ${title}`,
    apply(doc) {
      if (!doc.flow.blocks[id] || doc.layout.expanded?.[id]) return doc
      const open: Doc = { ...doc, layout: { ...doc.layout, expanded: { ...doc.layout.expanded, [id]: size } } }
      const moved = roomFor(open, id, sizeOf(doc, id, lookup), lookup)
      if (moved.size === 0) return open
      return { ...open, layout: { ...shifted(open.layout, moved, 1), expanded: { ...open.layout.expanded, [id]: { ...size, moved: Object.fromEntries(moved) } } } }
    },
  }
}

export function closeCard(id: string, title: string): Edit {
  return { label: `Close ${title}`, apply: (doc) => closed(doc, id) }
}

function closed(doc: Doc, id: string): Doc {
  const expansion = doc.layout.expanded?.[id]
  if (!expansion) return doc
  const stage = doc.flow.blocks[id]?.stage
  const moved = Object.entries(expansion.moved ?? {}).filter(([other]) => doc.flow.blocks[other]?.stage === stage)
  return { ...doc, layout: withoutExpansion(shifted(doc.layout, new Map(moved), -1), new Set([id])) }
}

/** A drawing in which no card shows a flow inside. */
export function allClosed(doc: Doc): Doc {
  return Object.keys(doc.layout.expanded ?? {}).reduce(closed, doc)
}

/** An edit as if all cards were closed: they are opened again in what it made. */
export function asClosed(step: Edit, lookup: Lookup): Edit {
  return {
    ...step,
    apply(doc) {
      const open = Object.entries(doc.layout.expanded ?? {})
      if (open.length === 0) return step.apply(doc)
      const before = allClosed(doc)
      const after = step.apply(before)
      if (after === before) return doc
      return open.reduce((next, [id, { width, height }]) => expandCard(id, { width, height }, '', lookup).apply(next), after)
    },
  }
}

/** A layout in which these blocks are closed; nothing empty is written. */
export function withoutExpansion(layout: Layout, gone: ReadonlySet<string>): Layout {
  if (!layout.expanded) return layout
  const expanded: Record<string, Expansion> = {}
  for (const [id, { width, height, moved }] of Object.entries(layout.expanded)) {
    if (gone.has(id)) continue
    const stay = Object.entries(moved ?? {}).filter(([other]) => layout.blocks[other] !== undefined)
    expanded[id] = { width, height, ...(stay.length > 0 && { moved: Object.fromEntries(stay) }) }
  }
  const next = { ...layout, expanded }
  if (Object.keys(expanded).length === 0) delete (next as Partial<Layout>).expanded
  return next
}

function shifted(layout: Layout, by: ReadonlyMap<string, Point>, sign: 1 | -1): Layout {
  const blocks = { ...layout.blocks }
  for (const [id, { x, y }] of by) {
    const at = blocks[id]
    if (at) blocks[id] = { x: at.x + sign * x, y: at.y + sign * y }
  }
  return { ...layout, blocks }
}

interface Standing extends Size {
  id: string
  x: number
  y: number
}

const meets = (a: Standing, b: Standing, beside: number, below: number) => a.x < b.x + b.width + beside && b.x < a.x + a.width + beside && a.y < b.y + b.height + below && b.y < a.y + a.height + below

/** By how much the others of the lane move: those beside to the right, those below down, and what these meet like them. */
function roomFor(doc: Doc, id: string, before: Size, lookup: Lookup): Map<string, Point> {
  const stage = doc.flow.blocks[id]?.stage
  const all = Object.entries(doc.layout.blocks).flatMap(([other, at]): Standing[] => (doc.flow.blocks[other]?.stage === stage ? [{ id: other, ...at, ...sizeOf(doc, other, lookup) }] : []))
  const card = all.find((other) => other.id === id)
  const moved = new Map<string, Point>()
  if (!card) return moved
  const others = all.filter((other) => other !== card)
  const away = (some: Standing[], by: Point) => {
    // What a moved card meets moves by as much: what was apart stays apart.
    const queue = some.filter((other) => !moved.has(other.id))
    for (let other = queue.pop(); other; other = queue.pop()) {
      const there: Standing = { ...other, x: other.x + by.x, y: other.y + by.y }
      moved.set(other.id, by)
      queue.push(...others.filter((next) => next !== other && !moved.has(next.id) && !queue.includes(next) && meets(there, next, 0, 0)))
    }
  }
  const hit = others.filter((other) => meets(card, other, BESIDE / 2, BELOW / 2))
  const right = hit.filter((other) => other.x >= card.x + before.width)
  const under = hit.filter((other) => other.x < card.x + before.width && other.y >= card.y + before.height)
  if (right.length > 0) away(right, { x: up(card.x + card.width + BESIDE - Math.min(...right.map((other) => other.x))), y: 0 })
  if (under.length > 0) away(under, { x: 0, y: up(card.y + card.height + BELOW - Math.min(...under.map((other) => other.y))) })
  return moved
}

function up(by: number): number {
  return Math.ceil(by / 8) * 8
}
