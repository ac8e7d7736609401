// What a gesture means: adding, inserting, moving, deleting. Each is one edit of
// the document, and is said aloud.
import type { Block } from '../engine'
import { descriptorOf, useStudio } from '../engine'
import {
  addBlock,
  addConnected,
  canInsert,
  connect,
  connectProblem,
  disconnect,
  edit,
  edgeId,
  findEdge,
  flowOf,
  freshId,
  groupPlace,
  groupsOf,
  hiddenBlocks,
  IN_PORT_Y,
  CARD_WIDTH,
  insertOnEdge,
  intoLane,
  LANE_PAD,
  LANE_TOP,
  laneAt,
  lanesOf,
  lockReason,
  mainPort,
  moveBlocks,
  placeOf,
  remove,
  removeAndReconnect,
  select,
  snap,
  stackAbove,
  standFree,
  stageProblem,
  START_EDGE,
  withPlace,
  type Doc,
  type Edit,
  type Lane,
  type Placed,
  type Point,
} from '../document'
import { announce, notify } from '../ui'
import { viewHandle } from './view'

function context(slug: string) {
  const flow = flowOf(slug)
  const catalogue = useStudio.getState().catalogue
  return flow ? { flow, doc: flow.doc, catalogue, lanes: lanesOf(flow.doc, catalogue) } : null
}

/** A new block whose card is grabbed at this canvas point. */
function placedAt(slug: string, type: string, at: Point, lane?: Lane): Placed | null {
  const c = context(slug)
  if (!c) return null
  const corner = { x: snap(at.x - CARD_WIDTH / 2), y: snap(at.y - IN_PORT_Y) }
  const stands = lane ?? laneAt(c.lanes, at.x)
  const block: Block = { type, stage: stands.id }
  const id = freshId(type, { has: (taken) => taken in c.doc.flow.blocks })
  return { id, block, at: intoLane(stands, corner) }
}

/** The stage a new block takes: the wished one, or the nearest where it may stand. */
function allowedLane(slug: string, type: string, wish: Lane): Lane {
  const c = context(slug)
  if (!c) return wish
  const descriptor = descriptorOf(type)
  if (!stageProblem(c.doc.flow, descriptor, wish.id, c.catalogue)) return wish
  return c.lanes.find((lane) => !stageProblem(c.doc.flow, descriptor, lane.id, c.catalogue)) ?? wish
}

/** Does an adding edit and selects what was added; in a wire, it gets a place there. */
function finish(slug: string, step: Edit, placed: Placed, into: string | null): void {
  const before = flowOf(slug)?.doc
  const settled: Edit = {
    ...step,
    apply: (doc) => {
      const added = step.apply(doc)
      return into && before ? settle(added, placed.id, into, before) : standFree(added, placed.id, descriptorOf)
    },
  }
  if (!edit(slug, settled)) return
  select(slug, [placed.id])
  announce(`${step.label}: ${placed.id}`)
  // Not before the card is drawn and the menu that asked for it is gone.
  requestAnimationFrame(() => viewHandle()?.reveal(placed.id, true))
}

/** Before its target it takes the target's place in the column; after its source it stands beside it. */
function settle(doc: Doc, id: string, edge: string, before: Doc): Doc {
  const wire = findEdge(before.flow, edge)
  const stage = doc.flow.blocks[id]?.stage
  const from = wire && doc.layout.blocks[wire.from]
  const to = wire && doc.layout.blocks[wire.to]
  if (wire && from && to && doc.flow.blocks[wire.to]?.stage === stage) {
    const beside = doc.flow.blocks[wire.from]?.stage === stage && to.x >= from.x + CARD_WIDTH
    if (!beside) return stackAbove(doc, id, wire.to, descriptorOf)
  }
  if (wire && from && doc.flow.blocks[wire.from]?.stage === stage) {
    return standFree(withPlace(doc, id, { x: from.x + CARD_WIDTH + 72, y: from.y }), id, descriptorOf)
  }
  return standFree(doc, id, descriptorOf)
}

/** Drops a new block on the canvas, or into a wire. */
export function addAt(slug: string, type: string, at: Point, edge: string | null): void {
  const c = context(slug)
  const descriptor = descriptorOf(type)
  if (!c || !descriptor) return
  const into = edge && canInsert(c.doc.flow, edge, descriptor) ? edge : null
  const lane = allowedLane(slug, type, into ? laneOnEdge(slug, into, laneAt(c.lanes, at.x)) : laneAt(c.lanes, at.x))
  const placed = placedAt(slug, type, at, lane)
  if (!placed) return
  finish(slug, into ? insertOnEdge(placed, descriptor.title, into, descriptorOf) : addBlock(placed, descriptor.title), placed, into)
}

/**
 * The first block of a flow, for who did not drop it on a lane: in the first stage
 * that it may stand in, where flows begin, or as high as the point that was chosen.
 */
function addFirst(slug: string, type: string, at: Point | null): void {
  const c = context(slug)
  const descriptor = descriptorOf(type)
  const first = c?.lanes[0]
  if (!c || !descriptor || !first) return
  const lane = allowedLane(slug, type, first)
  const inside = at !== null && at.x >= lane.x && laneAt(c.lanes, at.x) === lane
  const point = { x: inside ? at.x : lane.x + LANE_PAD + CARD_WIDTH / 2, y: at?.y ?? LANE_TOP + IN_PORT_Y }
  const placed = placedAt(slug, type, point, lane)
  if (placed) finish(slug, addBlock(placed, descriptor.title), placed, null)
}

/** A block in a wire stands between the stages of the wire's two ends. */
function laneOnEdge(slug: string, edge: string, wish: Lane): Lane {
  const c = context(slug)
  if (!c) return wish
  const order = c.lanes.map((lane) => lane.id)
  const found = edge === START_EDGE ? null : findEdge(c.doc.flow, edge)
  const target = found ? found.to : c.doc.flow.start
  const last = order.indexOf(c.doc.flow.blocks[target]?.stage ?? '')
  const first = found ? order.indexOf(c.doc.flow.blocks[found.from]?.stage ?? '') : 0
  const index = Math.min(Math.max(order.indexOf(wish.id), first), last < 0 ? order.length - 1 : last)
  return c.lanes[index] ?? wish
}

/** Adds a block after a port: what hung there goes on behind it. */
export function addAfter(slug: string, type: string, from: string, port: string, at: Point | null): void {
  const c = context(slug)
  const descriptor = descriptorOf(type)
  const source = c?.doc.flow.blocks[from]
  if (!c || !descriptor || !source) return
  const corner = placeOf(c.doc, c.lanes, from)
  const point = at ?? { x: corner.x + CARD_WIDTH + 72 + CARD_WIDTH / 2, y: corner.y + IN_PORT_Y }
  const first = c.lanes.findIndex((lane) => lane.id === source.stage)
  const wish = at ? laneAt(c.lanes, point.x) : (c.lanes[first] ?? laneAt(c.lanes, point.x))
  const forward = c.lanes.indexOf(wish) < first ? (c.lanes[first] ?? wish) : wish
  const wired = source.next?.[port] !== undefined
  const into = wired && !descriptor.terminal ? edgeId(from, port) : null
  const lane = allowedLane(slug, type, into ? laneOnEdge(slug, into, forward) : forward)
  const placed = placedAt(slug, type, point, lane)
  if (!placed) return
  finish(slug, into ? insertOnEdge(placed, descriptor.title, into, descriptorOf) : addConnected(placed, descriptor.title, from, port), placed, into)
}

/** Adds a block at a point that was chosen for a menu, not for a lane. */
export function addThere(slug: string, type: string, at: Point): void {
  if (isEmpty(slug)) addFirst(slug, type, at)
  else addAt(slug, type, at, null)
}

function isEmpty(slug: string): boolean {
  return Object.keys(flowOf(slug)?.doc.flow.blocks ?? {}).length === 0
}

/** Adds a block for somebody at the keyboard: first where flows begin, then after the selected one, else in the middle. */
export function addNear(slug: string, type: string, middle: Point): void {
  if (isEmpty(slug)) return addFirst(slug, type, null)
  const c = context(slug)
  const only = c?.flow.blocks.length === 1 ? c.flow.blocks[0] : undefined
  const source = only ? c?.doc.flow.blocks[only] : undefined
  const port = source && mainPort(source, descriptorOf(source.type, source.config))
  if (only && port) addAfter(slug, type, only, port, null)
  else addAt(slug, type, middle, c?.flow.edge ?? null)
}

/** Leads a port to a block, or says why not. */
export function connectPorts(slug: string, from: string, port: string, to: string): boolean {
  const c = context(slug)
  if (!c) return false
  const problem = connectProblem(c.doc.flow, from, to, c.catalogue)
  if (problem) {
    notify.info(problem)
    return false
  }
  if (edit(slug, connect(from, port, to))) announce(`${from}, ${port}, now leads to ${to}`)
  return true
}

/** Puts cards where they were dragged; refuses a lane in which one may not stand. */
export function moveTo(slug: string, places: ReadonlyMap<string, Point>, merge?: string): void {
  const c = context(slug)
  if (!c) return
  const moves = []
  for (const [id, at] of places) {
    const block = c.doc.flow.blocks[id]
    if (!block) continue
    const lane = laneAt(c.lanes, at.x + CARD_WIDTH / 2)
    const problem = lane.id === block.stage ? null : stageProblem(c.doc.flow, descriptorOf(block.type, block.config), lane.id, c.catalogue)
    if (problem) {
      notify.info(problem)
      return
    }
    moves.push({ id, stage: lane.id, at: intoLane(lane, at) })
  }
  edit(slug, moveBlocks(moves, merge))
}

/** Moves the selection by whole steps, for the keyboard. */
export function nudge(slug: string, dx: number, dy: number): void {
  const c = context(slug)
  if (!c || c.flow.blocks.length === 0) return
  const places = new Map<string, Point>()
  for (const id of c.flow.blocks) {
    const at = placeOf(c.doc, c.lanes, id)
    places.set(id, { x: at.x + dx, y: at.y + dy })
  }
  moveTo(slug, places, `nudge:${c.flow.blocks.join()}`)
}

/** Deletes what is selected; locked blocks stay and say why. */
export function deleteSelected(slug: string, reconnecting: boolean): void {
  const c = context(slug)
  if (!c) return
  if (c.flow.edge) {
    const edge = findEdge(c.doc.flow, c.flow.edge)
    if (edge) edit(slug, disconnect(edge.from, edge.port))
    select(slug, [])
    return
  }
  const locked = c.flow.blocks.find((id) => lockReason(c.doc.flow, id, c.catalogue))
  if (locked) {
    notify.info(`${locked} is locked and stays.`, lockReason(c.doc.flow, locked, c.catalogue) ?? undefined)
  }
  const ids = c.flow.blocks.filter((id) => !lockReason(c.doc.flow, id, c.catalogue))
  if (ids.length === 0) return
  const step = reconnecting ? removeAndReconnect(ids, descriptorOf) : remove(ids)
  if (edit(slug, step)) announce(`${step.label}: ${ids.join(', ')}`)
}

/** The nearest card in a direction, for the arrow keys: a block, or the key of a collapsed frame. */
export function neighbour(slug: string, from: string, dx: number, dy: number): string | null {
  const c = context(slug)
  if (!c) return null
  const hidden = hiddenBlocks(c.doc)
  const places = new Map(groupsOf(c.doc).map((group) => [group.key, groupPlace(c.doc, c.lanes, group)]))
  for (const id of Object.keys(c.doc.flow.blocks)) if (!hidden.has(id)) places.set(id, placeOf(c.doc, c.lanes, id))
  const start = hidden.get(from) ?? from
  return nearest(places, start, dx, dy)
}

/** What stands nearest to one of some places, in a direction. */
export function nearest(places: ReadonlyMap<string, Point>, start: string, dx: number, dy: number): string | null {
  const at = places.get(start)
  if (!at) return null
  let best: { id: string; cost: number } | null = null
  for (const [id, p] of places) {
    if (id === start) continue
    const along = (p.x - at.x) * dx + (p.y - at.y) * dy
    const across = Math.abs((p.x - at.x) * dy) + Math.abs((p.y - at.y) * dx)
    if (along < 16) continue
    const cost = along + across * 2
    if (!best || cost < best.cost) best = { id, cost }
  }
  return best?.id ?? null
}

/** Puts a card that is there already, and has no wires, into a wire. */
export function insertMoved(slug: string, id: string, at: Point, edge: string): void {
  const c = context(slug)
  const block = c?.doc.flow.blocks[id]
  const descriptor = block && descriptorOf(block.type, block.config)
  if (!c || !block || !descriptor) return
  const wish = laneOnEdge(slug, edge, laneAt(c.lanes, at.x + CARD_WIDTH / 2))
  const lane = allowedLane(slug, block.type, wish)
  const placed: Placed = { id, block: { ...block, stage: lane.id }, at: intoLane(lane, at) }
  finish(slug, insertOnEdge(placed, descriptor.title, edge, descriptorOf), placed, edge)
}
