// Runs as Go tells of them, which one a person looks at, and the breakpoints.
import { create } from 'zustand'
import { call, on } from './client'
import type { Breakpoint, Catching, DebugLog, RunView, Stops } from './debugging'

interface RunsState {
  /** Newest first. */
  runs: RunView[]
  /** The run that is looked at; null shows the plain drawing. */
  viewed: string | null
  /** Number of the step that the timeline stands on; null: now. */
  step: number | null
  breakpoints: Breakpoint[]
  catching: Catching
  /** What breakpoints with a message have said, the newest last. */
  logs: DebugLog[]
  /** Set by Run: the next run that appears is taken to be looked at. */
  expecting: boolean
}

const nothing: RunsState = { runs: [], viewed: null, step: null, breakpoints: [], catching: { deny: false, error: false, timeout: false }, logs: [], expecting: false }

export const useRuns = create<RunsState>()(() => nothing)

export async function loadRuns(): Promise<void> {
  const [runs, stops] = await Promise.all([call('runs.list'), call('debug.breakpoints')])
  useRuns.setState({ runs: sorted(runs), ...stops })
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
  useRuns.setState({ viewed: id, step: null })
}

export function viewStep(step: number | null): void {
  useRuns.setState({ step })
}

/** Takes a run's newest state in, wherever it came from. */
export function acceptRun(run: RunView): void {
  useRuns.setState((state) => {
    const known = state.runs.some((other) => other.id === run.id)
    const runs = known ? state.runs.map((other) => (other.id === run.id ? run : other)) : sorted([run, ...state.runs])
    if (known && !(run.status === 'paused' && state.viewed === null)) return { runs }
    const busy = state.runs.some((other) => other.id === state.viewed && isLive(other))
    const take = state.expecting || (!busy && (state.viewed !== null || run.status === 'paused'))
    return take ? { runs, viewed: run.id, step: null, expecting: false } : { runs }
  })
}

export function clearRuns(): void {
  useRuns.setState(nothing)
}

/** Begins a sign-in for a flow in the browser panel. */
export async function startRun(flow: string): Promise<void> {
  useRuns.setState({ expecting: true, step: null })
  try {
    await call('run.start', { flow })
  } catch (error) {
    useRuns.setState({ expecting: false })
    throw error
  }
}

/** The breakpoint on a block: absent, on, off. */
export function breakpointAt(state: RunsState, flow: string, block: string): Breakpoint | undefined {
  return state.breakpoints.find((b) => b.kind === 'block' && b.flow === flow && b.block === block)
}

export async function toggleBreakpoint(flow: string, block: string): Promise<void> {
  const present = breakpointAt(useRuns.getState(), flow, block)
  await (present ? clearBreakpoint(present.id) : setBreakpoint({ kind: 'block', flow, block, enabled: true }))
}

export async function setBreakpoint(breakpoint: Partial<Breakpoint>): Promise<void> {
  takeStops(await call('debug.set_breakpoint', breakpoint))
}

export async function clearBreakpoint(id: number): Promise<void> {
  takeStops(await call('debug.clear_breakpoint', { id }))
}

export async function setCatching(catching: Catching): Promise<void> {
  takeStops(await call('debug.catch', catching))
}

function takeStops(stops: Stops): void {
  useRuns.setState(stops)
}

/** How many messages of breakpoints are kept. */
const keptLogs = 500

export async function setRunValue(run: string, path: string, value: unknown): Promise<void> {
  acceptRun(await call('debug.set_value', { run, path, value }))
}

on('run', acceptRun)
on('breakpoints', takeStops)
on('debug_log', (log) => useRuns.setState((state) => ({ logs: [...state.logs, log].slice(-keptLogs) })))
