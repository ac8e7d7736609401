// What lies over the drawing: problems, breakpoints, and the run that is looked
// at. Computed once per change for all cards, so that a card asks in one lookup.
import type { useContracts, useProblems, useRuns, useTests } from '../engine'
import { allProblems, pathTo, viewedRun, type Problem, type RunView } from '../engine'
import { edgeId } from '../document'

type ProblemsState = ReturnType<typeof useProblems.getState>
type RunsState = ReturnType<typeof useRuns.getState>
type TestsState = ReturnType<typeof useTests.getState>
type ContractsState = ReturnType<typeof useContracts.getState>

function memo<A, R>(work: (a: A, slug: string) => R): (a: A, slug: string) => R {
  let last: A | undefined
  let cache = new Map<string, R>()
  return (a, slug) => {
    if (last !== a) {
      last = a
      cache = new Map()
    }
    let answer = cache.get(slug)
    if (answer === undefined) {
      answer = work(a, slug)
      cache.set(slug, answer)
    }
    return answer
  }
}

/** Problems of each block of a flow. */
export const problemsByBlock = memo((state: ProblemsState, slug: string): Map<string, Problem[]> => {
  const map = new Map<string, Problem[]>()
  for (const problem of allProblems(state)) {
    if (problem.flow === slug && problem.block) map.set(problem.block, [...(map.get(problem.block) ?? []), problem])
  }
  return map
})

export interface RunMarks {
  run: RunView
  /** A moment of its past is looked at. */
  past: boolean
  /** Where the run stands in this flow. */
  current: string | null
  visited: Set<string>
  edges: Set<string>
  failed: string | null
}

/** The path of the run that is looked at, through one flow; null when none is. */
export const runMarks = memo((state: RunsState, slug: string): RunMarks | null => {
  const run = viewedRun(state)
  if (!run) return null
  const past = state.moment === null ? null : pathTo(run, state.moment)
  const mine = (past?.path ?? run.path).filter((step) => step.flow === slug)
  const now = past ? (past.next?.flow === slug ? past.next.block : undefined) : run.stack.find((frame) => frame.flow === slug)?.block
  const current = now ?? null
  if (mine.length === 0 && !current) return null
  const visited = new Set(mine.map((step) => step.block))
  if (current) visited.add(current)
  return { run, past: past !== null, current, visited, edges: new Set(mine.map((step) => edgeId(step.block, step.port))), failed: mine.find((step) => step.error)?.block ?? null }
})

export type CardMark = 'current' | 'paused' | 'visited' | 'failed' | 'dim' | null

export function cardMark(state: RunsState, slug: string, id: string): CardMark {
  const marks = runMarks(state, slug)
  if (!marks) return null
  if (marks.current === id) {
    if (!marks.past && marks.run.status === 'paused') return 'paused'
    if (marks.past || marks.run.status === 'running' || marks.run.status === 'waiting') return 'current'
  }
  if (marks.failed === id || (!marks.past && marks.run.error?.block === id)) return 'failed'
  return marks.visited.has(id) ? 'visited' : 'dim'
}

export function wireMark(state: RunsState, slug: string, edge: string): 'visited' | 'dim' | null {
  const marks = runMarks(state, slug)
  if (!marks) return null
  if (edge.startsWith('@')) return 'visited'
  return marks.edges.has(edge) ? 'visited' : 'dim'
}

/** What the tests cover, where it is painted; a run that is looked at lies over it. */
export function coverMark(state: TestsState, slug: string, block: string, port?: string): 'covered' | 'missed' | null {
  const covered = state.painted ? state.covered.get(slug) : undefined
  if (!covered) return null
  const hit = port === undefined ? covered.blocks.has(block) : covered.ports.has(`${block}:${port}`)
  return hit ? 'covered' : 'missed'
}

/** The path that breaks a contract, where one is painted; it lies over coverage. */
export function breakMark(state: ContractsState, slug: string, block: string, port?: string): 'breaking' | 'broken' | 'missed' | null {
  if (!state.path) return null
  const path = state.path.get(slug)
  if (!path) return 'missed'
  if (port !== undefined) return path.ports.has(`${block}:${port}`) ? 'breaking' : 'missed'
  if (path.last === block) return 'broken'
  return path.blocks.has(block) ? 'breaking' : 'missed'
}

/** What a run has most to say of, first. */
const loudest: Exclude<CardMark, null>[] = ['paused', 'current', 'failed', 'visited', 'dim']

function first<T extends string>(order: T[], found: (T | null)[]): T | null {
  return order.find((mark) => found.includes(mark)) ?? null
}

/** The mark of a card that stands for several blocks. */
export function groupMark(state: RunsState, slug: string, blocks: string[]): CardMark {
  return first(loudest, blocks.map((id) => cardMark(state, slug, id)))
}

export function groupCover(state: TestsState, slug: string, blocks: string[]): 'covered' | 'missed' | null {
  return first(['missed', 'covered'], blocks.map((id) => coverMark(state, slug, id)))
}

export function groupBreak(state: ContractsState, slug: string, blocks: string[]): 'breaking' | 'broken' | 'missed' | null {
  return first(['broken', 'breaking', 'missed'], blocks.map((id) => breakMark(state, slug, id)))
}
