// Aligning and distributing several cards. Sideways each lane is by itself, for
// a card's x counts from its lane; up and down all cards go together.
import type { Edit, Lookup } from './edits'
import type { Doc, Point } from './model'
import { sizeOf } from './expanded'

export type AlignTo = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom'
export type Axis = 'across' | 'down'

interface Card {
  id: string
  at: Point
  size: { x: number; y: number }
}

const axisOf: Record<AlignTo, 'x' | 'y'> = { left: 'x', centre: 'x', right: 'x', top: 'y', middle: 'y', bottom: 'y' }

/** Cards that are placed together along an axis. */
function groups(doc: Doc, ids: string[], axis: 'x' | 'y', lookup: Lookup): Card[][] {
  const found = new Map<string, Card[]>()
  for (const id of ids) {
    const block = doc.flow.blocks[id]
    const at = doc.layout.blocks[id]
    if (!block || !at) continue
    const shape = sizeOf(doc, id, lookup)
    const key = axis === 'x' ? block.stage : ''
    found.set(key, [...(found.get(key) ?? []), { id, at, size: { x: shape.width, y: shape.height } }])
  }
  return [...found.values()]
}

function placed(doc: Doc, axis: 'x' | 'y', places: Map<string, number>): Doc {
  const blocks = { ...doc.layout.blocks }
  let changed = false
  for (const [id, to] of places) {
    const at = blocks[id]
    if (!at || at[axis] === Math.round(to)) continue
    blocks[id] = { ...at, [axis]: Math.round(to) }
    changed = true
  }
  return changed ? { ...doc, layout: { ...doc.layout, blocks } } : doc
}

/** Puts cards on one line: an edge of them, or their middles. */
export function align(ids: string[], to: AlignTo, lookup: Lookup): Edit {
  const axis = axisOf[to]
  return {
    label: `Align ${ids.length} blocks ${words[to]}`,
    apply(doc) {
      const places = new Map<string, number>()
      for (const cards of groups(doc, ids, axis, lookup)) {
        const first = Math.min(...cards.map((c) => c.at[axis]))
        const last = Math.max(...cards.map((c) => c.at[axis] + c.size[axis]))
        for (const card of cards) {
          const free = last - first - card.size[axis]
          places.set(card.id, first + free * share[to])
        }
      }
      return placed(doc, axis, places)
    },
  }
}

const words: Record<AlignTo, string> = { left: 'left', centre: 'on their centres', right: 'right', top: 'at the top', middle: 'on their middles', bottom: 'at the bottom' }
const share: Record<AlignTo, number> = { left: 0, centre: 0.5, right: 1, top: 0, middle: 0.5, bottom: 1 }

/** Makes the gaps between cards equal; the outermost stay. */
export function distribute(ids: string[], along: Axis, lookup: Lookup): Edit {
  const axis = along === 'across' ? 'x' : 'y'
  return {
    label: `Distribute ${ids.length} blocks ${along}`,
    apply(doc) {
      const places = new Map<string, number>()
      for (const cards of groups(doc, ids, axis, lookup)) {
        if (cards.length < 3) continue
        cards.sort((a, b) => a.at[axis] - b.at[axis])
        const first = cards[0]!
        const last = cards[cards.length - 1]!
        const room = last.at[axis] + last.size[axis] - first.at[axis] - cards.reduce((sum, c) => sum + c.size[axis], 0)
        const gap = room / (cards.length - 1)
        let at = first.at[axis]
        for (const card of cards) {
          places.set(card.id, at)
          at += card.size[axis] + gap
        }
      }
      return placed(doc, axis, places)
    },
  }
}
