// Stages as lanes: columns from left to right in the trigger's order, as wide as
// what stands in them. A block's x counts from the left edge of its lane.
import type { Catalogue, Flow } from '../engine'
import { CARD_WIDTH } from './sizes'
import type { Doc, Point } from './model'

export interface Lane {
  id: string
  title: string
  x: number
  width: number
  /** Blocks name this stage, but the trigger does not have it. */
  unknown?: boolean
}

export const LANE_PAD = 56
const LANE_MIN = CARD_WIDTH + 2 * LANE_PAD
/** Room under the lane's title. */
export const LANE_TOP = 64

export interface Stage {
  id: string
  title: string
  unknown?: boolean
}

const known = new WeakMap<Flow, { catalogue: Catalogue | null; stages: Stage[] }>()

/** The stages of a flow, in order, with any that blocks use and the trigger lacks; asked for each block there is. */
export function stagesOf(flow: Flow, catalogue: Catalogue | null): Stage[] {
  const before = known.get(flow)
  if (before?.catalogue === catalogue) return before.stages
  const stages = findStages(flow, catalogue)
  known.set(flow, { catalogue, stages })
  return stages
}

function findStages(flow: Flow, catalogue: Catalogue | null): Stage[] {
  const trigger = catalogue?.triggers.find((t) => t.id === flow.trigger)
  const own = (flow.stages ?? []).map((id) => ({ id, title: titleOf(id) }))
  const stages: Stage[] = trigger && trigger.stages.length > 0 ? [...trigger.stages] : own
  const known = new Set(stages.map((stage) => stage.id))
  for (const block of Object.values(flow.blocks)) {
    if (known.has(block.stage)) continue
    known.add(block.stage)
    stages.push({ id: block.stage, title: titleOf(block.stage), unknown: true })
  }
  return stages.length > 0 ? stages : [{ id: 'main', title: 'Main' }]
}

export function titleOf(id: string): string {
  const words = id.replace(/_/g, ' ').trim()
  return words ? words[0]!.toUpperCase() + words.slice(1) : 'No stage'
}

export function lanesOf(doc: Doc, catalogue: Catalogue | null): Lane[] {
  const reach = new Map<string, number>()
  for (const [id, block] of Object.entries(doc.flow.blocks)) {
    const right = (doc.layout.blocks[id]?.x ?? LANE_PAD) + Math.max(CARD_WIDTH, doc.layout.expanded?.[id]?.width ?? 0) + LANE_PAD
    reach.set(block.stage, Math.max(reach.get(block.stage) ?? 0, right))
  }
  for (const note of Object.values(doc.layout.notes ?? {})) reach.set(note.stage, Math.max(reach.get(note.stage) ?? 0, note.x + note.width + LANE_PAD / 2))
  let x = 0
  return stagesOf(doc.flow, catalogue).map((stage) => {
    const width = Math.ceil(Math.max(LANE_MIN, reach.get(stage.id) ?? 0) / 8) * 8
    const lane: Lane = { ...stage, x, width }
    x += width
    return lane
  })
}

/** The lane at a canvas x; outside, the nearest. */
export function laneAt(lanes: Lane[], x: number): Lane {
  return lanes.find((lane) => x < lane.x + lane.width) ?? lanes[lanes.length - 1]!
}

/** Where a block stands on the canvas. */
export function placeOf(doc: Doc, lanes: Lane[], id: string): Point {
  const place = doc.layout.blocks[id] ?? { x: LANE_PAD, y: LANE_TOP }
  const lane = lanes.find((l) => l.id === doc.flow.blocks[id]?.stage)
  return { x: (lane?.x ?? 0) + place.x, y: place.y }
}

/** A canvas point as a place in its lane. */
export function intoLane(lane: Lane, at: Point): Point {
  return { x: Math.max(LANE_PAD / 2, at.x - lane.x), y: at.y }
}
