// "May I" apart from "do it": what a gesture may do, asked while it goes on.
import type { Catalogue, Descriptor, Flow } from '../engine'
import { findEdge } from './model'
import { stagesOf } from './lanes'
import { START_EDGE } from './edits'

/** Why a block may not be led to from here, or null when it may. */
export function connectProblem(flow: Flow, from: string, to: string, catalogue: Catalogue | null): string | null {
  const source = flow.blocks[from]
  const target = flow.blocks[to]
  if (!source || !target) return 'There is no such block.'
  if (from === to) return 'A block cannot lead to itself.'
  const stages = stagesOf(flow, catalogue)
  const at = (id: string) => stages.findIndex((stage) => stage.id === id)
  if (at(target.stage) < at(source.stage)) return 'A connection cannot lead back to an earlier stage.'
  return null
}

/** Why a block of this type may not stand in a stage, or null when it may. */
export function stageProblem(flow: Flow, descriptor: Descriptor | undefined, stage: string, catalogue: Catalogue | null): string | null {
  const allowed = descriptor?.stages?.[flow.trigger]
  if (!allowed || allowed.length === 0 || allowed.includes(stage)) return null
  const titles = stagesOf(flow, catalogue).filter((s) => allowed.includes(s.id)).map((s) => s.title)
  return `${descriptor?.title ?? 'This block'} belongs in ${titles.join(' or ')}.`
}

/** Whether a block of this type has a place in the flow at all, or after a block where one is given. */
export function fits(flow: Flow, descriptor: Descriptor, after: string | null, catalogue: Catalogue | null): boolean {
  const stages = stagesOf(flow, catalogue)
  const first = after === null ? 0 : stages.findIndex((stage) => stage.id === flow.blocks[after]?.stage)
  return stages.slice(Math.max(0, first)).some((stage) => stageProblem(flow, descriptor, stage.id, catalogue) === null)
}

/** Why a block of this type is locked in this flow, or null when it is free. */
export function lockReason(flow: Flow, id: string, catalogue: Catalogue | null): string | null {
  const block = flow.blocks[id]
  const trigger = catalogue?.triggers.find((t) => t.id === flow.trigger)
  if (!block || !trigger?.locked.includes(block.type)) return null
  if (flow.unlocked?.some((entry) => entry.block === id)) return null
  return `Every ${trigger.title.toLowerCase()} flow needs this block, so it cannot be deleted. An entry under "unlocked" in the flow file lifts the lock; the check and the bundle will say so.`
}

/** Whether a block may be put into a wire at all. */
export function canInsert(flow: Flow, edge: string, descriptor: Descriptor | undefined): boolean {
  if (!descriptor || descriptor.terminal) return false
  return edge === START_EDGE ? flow.blocks[flow.start] !== undefined : findEdge(flow, edge) !== undefined
}
