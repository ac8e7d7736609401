// Breakpoints: where they stand, what they are called, how they are set. They
// live in Go, beside the project.
import { create } from 'zustand'
import { call } from './client'
import type { Breakpoint, Catching, Pin, Stops } from './debugging'
import { useRuns, type RunsState } from './runs'

/** A breakpoint that need not be set yet. */
export type Draft = Partial<Breakpoint> & Pick<Breakpoint, 'kind'>

const parts = ['flow', 'block', 'port', 'type', 'page', 'file', 'line', 'path'] as const

/** The breakpoint at a place: absent, on, off. */
export function stopAt(state: RunsState, place: Draft): Breakpoint | undefined {
  return state.breakpoints.find((b) => b.kind === place.kind && parts.every((part) => (b[part] || undefined) === (place[part] || undefined)))
}

export function breakpointAt(state: RunsState, flow: string, block: string): Breakpoint | undefined {
  return state.breakpoints.find((b) => b.kind === 'block' && b.flow === flow && b.block === block)
}

export function edgeStopAt(state: RunsState, flow: string, block: string, port: string): Breakpoint | undefined {
  return state.breakpoints.find((b) => b.kind === 'edge' && b.flow === flow && b.block === block && b.port === port)
}

export async function toggleStop(place: Draft): Promise<void> {
  const present = stopAt(useRuns.getState(), place)
  await (present ? clearBreakpoint(present.id) : setBreakpoint({ enabled: true, ...place }))
}

export async function toggleBreakpoint(flow: string, block: string): Promise<void> {
  await toggleStop({ kind: 'block', flow, block })
}

/** What a person changes shows at once; what Go answers takes its place. */
async function atOnce(change: Partial<Stops>, told: () => Promise<Stops>): Promise<void> {
  const { breakpoints, catching, pins } = useRuns.getState()
  useRuns.setState(change)
  try {
    take(await told())
  } catch (failure) {
    useRuns.setState({ breakpoints, catching, pins })
    throw failure
  }
}

export async function setBreakpoint(breakpoint: Partial<Breakpoint>): Promise<void> {
  const breakpoints = useRuns.getState().breakpoints.map((b) => (b.id === breakpoint.id ? { ...b, ...breakpoint } : b))
  await atOnce({ breakpoints }, () => call('debug.set_breakpoint', breakpoint))
}

export async function clearBreakpoint(id: number): Promise<void> {
  take(await call('debug.clear_breakpoint', { id }))
}

/** Changes what else a run stops on; two quick changes build on each other. */
export async function setCatching(change: Partial<Catching>): Promise<void> {
  const catching = { ...useRuns.getState().catching, ...change }
  await atOnce({ catching }, () => call('debug.catch', catching))
}

export function pinAt(state: RunsState, flow: string, block: string): Pin | undefined {
  return state.pins.find((pin) => pin.flow === flow && pin.block === block)
}

/** Holds a block to an outcome; without a port the pin is taken out. */
export async function setPin(pin: Pin): Promise<void> {
  const pins = useRuns.getState().pins.map((p) => (p.flow === pin.flow && p.block === pin.block && pin.port !== '' ? pin : p))
  await atOnce({ pins }, () => call('debug.pin', pin))
}

function take(stops: Stops): void {
  useRuns.setState(stops)
}

/** The breakpoint that a person writes a condition or a message for. */
export const useDraft = create<{ draft: Draft | null }>()(() => ({ draft: null }))

/** Opens the form of a breakpoint: the one at this place, or a new one. */
export function editStop(place: Draft): void {
  useDraft.setState({ draft: stopAt(useRuns.getState(), place) ?? { enabled: true, ...place } })
}

/** Where a breakpoint stands, in a few letters. */
export function stopName(b: Partial<Breakpoint>): string {
  switch (b.kind) {
    case 'edge':
      return `${b.block} → ${b.port}`
    case 'page':
      return `page ${b.page}`
    case 'type':
      return `every ${b.type}`
    case 'line':
      return `${b.file}:${b.line}`
    case 'value':
      return b.path ?? ''
    default:
      return b.block ?? ''
  }
}

export type StopLook = 'on' | 'off' | 'unbound' | 'log' | 'conditional'

/** How a breakpoint is drawn: the same on cards, wires, lines and in the list. */
export function stopLook(b: Breakpoint): StopLook {
  if (!b.enabled) return 'off'
  if (!b.verified) return 'unbound'
  if (b.message) return 'log'
  return b.condition || b.hit ? 'conditional' : 'on'
}

/** What a breakpoint does, in words. */
export function stopWords(b: Breakpoint): string {
  if (!b.enabled) return 'Disabled breakpoint'
  if (!b.verified) return `Breakpoint that cannot bind${b.why ? `: ${b.why}` : ''}`
  const when = [b.condition && `when ${b.condition}`, b.hit && `on hit ${b.hit}`].filter(Boolean).join(', ')
  if (b.message) return `Log message${when ? ` ${when}` : ''}: ${b.message}`
  return when ? `Breakpoint ${when}` : 'Breakpoint'
}
