// Runs as Go tells of them, which one a person looks at, and the breakpoints.
import { create } from 'zustand'
import { call, on } from './client'
import type { Breakpoint, RunView } from './types'

interface RunsState {
  /** Newest first. */
  runs: RunView[]
  /** The run that is looked at; null shows the plain drawing. */
  viewed: string | null
  /** Number of the step that the timeline stands on; null: now. */
  step: number | null
  breakpoints: Breakpoint[]
  /** Set by Run: the next run that appears is taken to be looked at. */
  expecting: boolean
}

export const useRuns = create<RunsState>()(() => ({ runs: [], viewed: null, step: null, breakpoints: [], expecting: false }))

export async function loadRuns(): Promise<void> {
  const [runs, breakpoints] = await Promise.all([call('runs.list'), call('debug.breakpoints')])
  useRuns.setState({ runs: sorted(runs), breakpoints })
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
  useRuns.setState({ runs: [], viewed: null, step: null, breakpoints: [], expecting: false })
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

/** Breakpoints of one block: absent, on, off. */
export function breakpointAt(state: RunsState, flow: string, block: string): Breakpoint | undefined {
  return state.breakpoints.find((b) => b.flow === flow && b.block === block)
}

export async function toggleBreakpoint(flow: string, block: string): Promise<void> {
  const present = breakpointAt(useRuns.getState(), flow, block)
  const breakpoints = present
    ? await call('debug.clear_breakpoint', { flow, block })
    : await call('debug.set_breakpoint', { flow, block, enabled: true })
  useRuns.setState({ breakpoints })
}

export async function enableBreakpoint(flow: string, block: string, enabled: boolean): Promise<void> {
  useRuns.setState({ breakpoints: await call('debug.set_breakpoint', { flow, block, enabled }) })
}

export async function setRunValue(run: string, path: string, value: unknown): Promise<void> {
  acceptRun(await call('debug.set_value', { run, path, value }))
}

on('run', acceptRun)
on('breakpoints', (breakpoints) => useRuns.setState({ breakpoints }))
