// Where notes go when the cards around them are put in order: with the card they
// stand at, and off the cards that they would cover.
import type { Note } from '../engine'
import type { Lookup } from './edits'
import type { Doc } from './model'
import { CARD_WIDTH, cardShape } from './sizes'

/** A note belongs to the nearest card, unless that is further than this. */
const NEAR = 320
const GAP = 24

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** The notes in their new places; null when all stay. */
export function noteMoves(before: Doc, after: Doc, lookup: Lookup): Record<string, Note> | null {
  let moved: Record<string, Note> | null = null
  for (const [id, note] of Object.entries(before.layout.notes ?? {})) {
    const next = clear(after, follow(before, after, note, lookup), lookup)
    if (next.x !== note.x || next.y !== note.y) moved = { ...(moved ?? before.layout.notes), [id]: next }
  }
  return moved
}

function cardsOf(doc: Doc, stage: string, lookup: Lookup): (Box & { id: string })[] {
  return Object.entries(doc.flow.blocks).flatMap(([id, block]) => {
    const at = doc.layout.blocks[id]
    return block.stage === stage && at ? [{ id, ...at, width: CARD_WIDTH, height: cardShape(block, lookup(block.type, block.config)).height }] : []
  })
}

function follow(before: Doc, after: Doc, note: Note, lookup: Lookup): Note {
  let best: { id: string; distance: number } | null = null
  for (const card of cardsOf(before, note.stage, lookup)) {
    const distance = between(card, note)
    if (distance <= NEAR && (!best || distance < best.distance)) best = { id: card.id, distance }
  }
  const [old, now] = best ? [before.layout.blocks[best.id], after.layout.blocks[best.id]] : []
  return old && now ? { ...note, x: note.x + now.x - old.x, y: note.y + now.y - old.y } : note
}

function between(a: Box, b: Box): number {
  return Math.max(a.x - b.x - b.width, b.x - a.x - a.width, a.y - b.y - b.height, b.y - a.y - a.height, 0)
}

/** Down until it covers no card. */
function clear(doc: Doc, note: Note, lookup: Lookup): Note {
  const cards = cardsOf(doc, note.stage, lookup)
  let at = note
  for (let turn = 0; turn <= cards.length; turn++) {
    const hit = cards.find((card) => card.x < at.x + at.width && card.x + card.width > at.x && card.y < at.y + at.height && card.y + card.height > at.y)
    if (!hit) break
    at = { ...at, y: Math.ceil((hit.y + hit.height + GAP) / 8) * 8 }
  }
  return at
}
