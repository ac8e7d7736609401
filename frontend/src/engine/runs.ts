// Runs as Go tells of them, and what a person looks at: which run, which moment of
// it, which frame. Breakpoints are kept here and set in stops.ts.
import { create } from 'zustand'
import { call, on } from './client'
import type { Breakpoint, Catching, DebugLog, Pin, RunView, Stops } from './debugging'
import { stoodStill } from './moments'

export interface RunsState {
  /** Newest first. */
  runs: RunView[]
  /** The run that is looked at; null shows the plain drawing. */
  viewed: string | null
  /** The moment of its history that is looked at; null: now. */
  moment: number | null
  /** The frame of its stack whose values are shown; 0 is the innermost. */
  frame: number
  breakpoints: Breakpoint[]
  catching: Catching
  pins: Pin[]
  /** What breakpoints with a message have said, the newest last. */
  logs: DebugLog[]
  /** Set by Run: the next run that appears is taken to be looked at. */
  expecting: boolean
}

const nothing: RunsState = { runs: [], viewed: null, moment: null, frame: 0, breakpoints: [], catching: { deny: false, error: false, timeout: false }, pins: [], logs: [], expecting: false }

/** What a look at a run begins with. */
const now = { moment: null, frame: 0 }

export const useRuns = create<RunsState>()(() => nothing)

export async function loadRuns(): Promise<void> {
  const [runs, stops] = await Promise.all([call('runs.list'), call('debug.breakpoints')])
  useRuns.setState((state) => {
    const all = sorted(runs)
    // A window that was loaded anew looks on where the one before did.
    const first = state.runs.length === 0 ? (all.find((run) => run.status === 'paused') ?? all.find(isLive)) : undefined
    return { runs: all, ...stops, viewed: state.viewed ?? first?.id ?? null }
  })
}

function sorted(runs: RunView[]): RunView[] {
  return [...runs].sort((a, b) => b.started_at.localeCompare(a.started_at))
}

/** True while a run can still go on. */
export function isLive(run: RunView): boolean {
  return run.status === 'running' || run.status === 'paused' || run.status === 'waiting'
}

export function viewedRun(state: RunsState): RunView | undefined {
  return state.viewed === null ? undefined : state.runs.find((run) => run.id === state.viewed)
}

export function viewRun(id: string | null): void {
  useRuns.setState({ viewed: id, ...now })
}

/** Looks at a moment of the run's past; null comes back to now. */
export function viewMoment(moment: number | null): void {
  useRuns.setState({ moment, frame: 0 })
}

export function viewFrame(frame: number): void {
  useRuns.setState({ frame })
}

/** Takes a run's newest state in, wherever it came from. */
export function acceptRun(run: RunView): void {
  useRuns.setState((state) => {
    const before = state.runs.find((other) => other.id === run.id)
    const known = before !== undefined
    const runs = known ? state.runs.map((other) => (other.id === run.id ? run : other)) : sorted([run, ...state.runs])
    if (known && !(run.status === 'paused' && state.viewed === null)) return state.viewed === run.id && !stoodStill(before, run) ? { runs, ...now } : { runs }
    const busy = state.runs.some((other) => other.id === state.viewed && isLive(other))
    const take = state.expecting || (!busy && (state.viewed !== null || run.status === 'paused'))
    return take ? { runs, viewed: run.id, ...now, expecting: false } : { runs }
  })
}

export function clearRuns(): void {
  useRuns.setState(nothing)
}

/** Begins a sign-in for a flow in the browser panel; it stops once before the block `to`. */
export async function startRun(flow: string, to = ''): Promise<void> {
  useRuns.setState({ expecting: true, ...now })
  try {
    await call('run.start', { flow, to })
  } catch (error) {
    useRuns.setState({ expecting: false })
    throw error
  }
}

/** How many messages of breakpoints are kept. */
const keptLogs = 500

export function clearLogs(): void {
  useRuns.setState({ logs: [] })
}

export async function setRunValue(run: string, path: string, value: unknown): Promise<void> {
  acceptRun(await call('debug.set_value', { run, path, value }))
}

on('run', acceptRun)
on('breakpoints', (stops: Stops) => useRuns.setState(stops))
on('debug_log', (log) => useRuns.setState((state) => ({ logs: [...state.logs, log].slice(-keptLogs) })))
