// Places for blocks that have none, and a full tidy on request: down each lane in
// the order that a run would meet the blocks, what branches off to the right.
import type { Catalogue, Flow } from '../engine'
import type { Lookup } from './edits'
import { LANE_PAD, LANE_TOP, stagesOf } from './lanes'
import { edgesOf, withPlace, type Doc, type Point } from './model'
import { mainPort } from './ports'
import { sizeOf } from './expanded'
import { CARD_WIDTH, cardShape } from './sizes'

export const GAP_X = 72
export const GAP_Y = 48

/** The document with every block placed; those that have a place keep it. */
export function arrangeMissing(doc: Doc, catalogue: Catalogue | null, lookup: Lookup): Doc {
  const ids = Object.keys(doc.flow.blocks)
  const placed = ids.filter((id) => doc.layout.blocks[id])
  if (placed.length === ids.length) return doc
  const all = arrange(doc.flow, catalogue, lookup)
  if (placed.length === 0) return { ...doc, layout: { ...doc.layout, blocks: all } }
  const blocks = { ...doc.layout.blocks }
  for (const id of ids) if (!blocks[id]) blocks[id] = freePlace(doc, id, blocks, lookup)
  return { ...doc, layout: { ...doc.layout, blocks } }
}

/** Under everything else in its lane. */
function freePlace(doc: Doc, id: string, blocks: Record<string, Point>, lookup: Lookup): Point {
  const stage = doc.flow.blocks[id]?.stage
  let y = LANE_TOP
  for (const [other, place] of Object.entries(blocks)) {
    const block = doc.flow.blocks[other]
    if (block && block.stage === stage) y = Math.max(y, place.y + cardShape(block, lookup(block.type, block.config)).height + GAP_Y)
  }
  return { x: LANE_PAD, y }
}

/** New places for all blocks: down each lane in the order of the run, side steps to the right. */
export function arrange(flow: Flow, catalogue: Catalogue | null, lookup: Lookup): Record<string, Point> {
  const order = reachOrder(flow)
  const depth = depths(flow, order)
  const places: Record<string, Point> = {}
  for (const stage of stagesOf(flow, catalogue)) {
    placeStage(flow, order.filter((id) => flow.blocks[id]?.stage === stage.id), depth, lookup, places)
  }
  return places
}

/** One lane: a row for each depth, in columns that keep a main line straight. */
function placeStage(flow: Flow, ids: string[], depth: Map<string, number>, lookup: Lookup, places: Record<string, Point>): void {
  const wishes = columnWishes(flow, ids, lookup)
  const rows = [...new Set(ids.map((id) => depth.get(id) ?? 0))].sort((a, b) => a - b)
  let y = LANE_TOP
  for (const row of rows) {
    const members = ids.filter((id) => (depth.get(id) ?? 0) === row)
    members.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0))
    const taken = new Set<number>()
    let height = 0
    for (const id of members) {
      let column = wishes.get(id) ?? 0
      while (taken.has(column)) column++
      taken.add(column)
      const block = flow.blocks[id]!
      places[id] = { x: LANE_PAD + column * (CARD_WIDTH + GAP_X), y }
      height = Math.max(height, cardShape(block, lookup(block.type, block.config)).height)
    }
    y += Math.ceil((height + GAP_Y) / 8) * 8
  }
}

/** The column each block would like: its first parent's, one further for each side step. */
function columnWishes(flow: Flow, ids: string[], lookup: Lookup): Map<string, number> {
  const mine = new Set(ids)
  const wishes = new Map<string, number>()
  for (const id of ids) {
    const block = flow.blocks[id]!
    const column = wishes.get(id) ?? 0
    wishes.set(id, column)
    const main = mainPort(block, lookup(block.type, block.config))
    // Where the main line goes on in another lane, the first side step takes its place.
    let side = mine.has(block.next?.[main ?? ''] ?? '') ? 1 : 0
    for (const [port, to] of Object.entries(block.next ?? {})) {
      if (!mine.has(to) || wishes.has(to)) continue
      wishes.set(to, port === main ? column : column + side++)
    }
  }
  return wishes
}

/** Blocks in the order a run meets them, then those nothing leads to. */
export function reachOrder(flow: Flow): string[] {
  const order: string[] = []
  const seen = new Set<string>()
  const visit = (first: string) => {
    const queue = [first]
    while (queue.length > 0) {
      const id = queue.shift()!
      if (seen.has(id) || !flow.blocks[id]) continue
      seen.add(id)
      order.push(id)
      queue.push(...Object.values(flow.blocks[id].next ?? {}))
    }
  }
  visit(flow.start)
  for (const id of Object.keys(flow.blocks)) visit(id)
  return order
}

/** The longest way to each block, counted in its own stage; loops back do not count. */
function depths(flow: Flow, order: string[]): Map<string, number> {
  const index = new Map(order.map((id, i) => [id, i]))
  const forward = forwardEdges(flow, order)
  const depth = new Map<string, number>(order.map((id) => [id, 0]))
  const waiting = new Map<string, number>(order.map((id) => [id, 0]))
  for (const edge of forward) waiting.set(edge.to, (waiting.get(edge.to) ?? 0) + 1)
  const ready = order.filter((id) => waiting.get(id) === 0)
  while (ready.length > 0) {
    ready.sort((a, b) => index.get(a)! - index.get(b)!)
    const id = ready.shift()!
    for (const edge of forward) {
      if (edge.from !== id) continue
      const step = flow.blocks[id]!.stage === flow.blocks[edge.to]!.stage ? depth.get(id)! + 1 : 0
      depth.set(edge.to, Math.max(depth.get(edge.to)!, step))
      waiting.set(edge.to, waiting.get(edge.to)! - 1)
      if (waiting.get(edge.to) === 0) ready.push(edge.to)
    }
  }
  return depth
}

/** Edges without those that close a circle, found depth first. */
export function forwardEdges(flow: Flow, order: string[]): { from: string; to: string }[] {
  const state = new Map<string, 'open' | 'done'>()
  const kept: { from: string; to: string }[] = []
  const outgoing = new Map<string, string[]>()
  for (const edge of edgesOf(flow)) {
    if (flow.blocks[edge.to]) outgoing.set(edge.from, [...(outgoing.get(edge.from) ?? []), edge.to])
  }
  for (const root of order) {
    if (state.has(root)) continue
    const stack: { id: string; next: number }[] = [{ id: root, next: 0 }]
    state.set(root, 'open')
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!
      const to = outgoing.get(top.id)?.[top.next++]
      if (to === undefined) {
        state.set(top.id, 'done')
        stack.pop()
      } else if (state.get(to) !== 'open') {
        kept.push({ from: top.id, to })
        if (!state.has(to)) {
          state.set(to, 'open')
          stack.push({ id: to, next: 0 })
        }
      }
    }
  }
  return kept
}

/** A card that was put on others moves down until it stands free. */
export function standFree(doc: Doc, id: string, lookup: Lookup): Doc {
  const block = doc.flow.blocks[id]
  const place = doc.layout.blocks[id]
  if (!block || !place) return doc
  const height = cardShape(block, lookup(block.type, block.config)).height
  const others = neighbours(doc, id).map(([other, at]) => {
    const size = sizeOf(doc, other, lookup)
    return { ...at, right: at.x + size.width, bottom: at.y + size.height }
  })
  let y = place.y
  // Each turn passes at least one card, so there are no more turns than cards.
  for (let turn = 0; turn <= others.length; turn++) {
    const hit = others.find((o) => o.x < place.x + CARD_WIDTH + 16 && o.right + 16 > place.x && o.y < y + height + 16 && o.bottom + 16 > y)
    if (!hit) break
    y = Math.ceil((hit.bottom + GAP_Y / 2) / 8) * 8
  }
  return y === place.y ? doc : withPlace(doc, id, { x: place.x, y })
}

/** A card takes another's place in a column: that one and all below it go down. */
export function stackAbove(doc: Doc, id: string, below: string, lookup: Lookup): Doc {
  const block = doc.flow.blocks[id]
  const at = doc.layout.blocks[below]
  if (!block || !at || block.stage !== doc.flow.blocks[below]?.stage) return doc
  const dy = Math.ceil((cardShape(block, lookup(block.type, block.config)).height + GAP_Y) / 8) * 8
  const lower = neighbours(doc, id).filter(([, other]) => other.y >= at.y)
  return withPlace(shifted(doc, lower, 0, dy), id, at)
}

/** The other cards of a card's lane. */
function neighbours(doc: Doc, id: string): [string, Point][] {
  const stage = doc.flow.blocks[id]?.stage
  return Object.entries(doc.layout.blocks).filter(([other]) => other !== id && doc.flow.blocks[other]?.stage === stage)
}

function shifted(doc: Doc, cards: [string, Point][], dx: number, dy: number): Doc {
  const blocks = { ...doc.layout.blocks }
  for (const [id, at] of cards) blocks[id] = { x: at.x + dx, y: at.y + dy }
  return { ...doc, layout: { ...doc.layout, blocks } }
}
