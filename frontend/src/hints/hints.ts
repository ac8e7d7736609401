// The hints of the first minute: which one is due, and which ones a person is
// through with. What was learned or put away is kept with the person's settings.
import { isLive, keepSetting, setting, useRuns, useSettings, useStudio, viewedRun } from '../engine'
import { hintTexts, type HintId } from './texts'

/** What the hints depend on. */
export interface Situation {
  project: boolean
  running: boolean
  waiting: boolean
  paused: boolean
  succeeded: boolean
  breakpoints: boolean
  /** A block the last run went through, to set a breakpoint on. */
  block: string | null
}

export function situation(): Situation {
  const runs = useRuns.getState()
  const run = viewedRun(runs)
  const stopped = run?.status === 'paused'
  const way = run?.path ?? []
  return {
    project: useStudio.getState().project !== null,
    running: runs.expecting || (run !== undefined && isLive(run)),
    waiting: run?.status === 'waiting',
    paused: stopped,
    succeeded: run?.status === 'succeeded',
    breakpoints: runs.breakpoints.length > 0,
    block: way[Math.floor(way.length / 2)]?.block ?? null,
  }
}

interface Hint {
  id: HintId
  /** It helps now. */
  due: (now: Situation) => boolean
  /** Who comes from before to now knows it. */
  learned: (now: Situation, before: Situation) => boolean
  /** What it speaks of, as a selector. */
  target: (now: Situation) => string
}

const runButton = '.run-controls .btn.primary'

const hints: Hint[] = [
  { id: 'template', due: (now) => !now.project, learned: (now, before) => now.project && !before.project, target: () => '.template .btn.primary' },
  { id: 'run', due: (now) => now.project && !now.running && !now.succeeded && !now.breakpoints, learned: (now, before) => now.running && !before.running, target: () => runButton },
  { id: 'signIn', due: (now) => now.waiting, learned: (now, before) => now.succeeded && !before.succeeded, target: () => '.people' },
  { id: 'breakpoint', due: (now) => now.succeeded && !now.breakpoints, learned: (now, before) => now.breakpoints && !before.breakpoints, target: (now) => `.react-flow__node[data-id="${now.block ?? ''}"]` },
  { id: 'again', due: (now) => now.breakpoints && !now.running, learned: (now, before) => now.paused && !before.paused, target: () => runButton },
  { id: 'paused', due: (now) => now.paused, learned: (now, before) => now.breakpoints && now.succeeded && !before.succeeded, target: () => '.run-controls' },
]

interface Kept {
  off: boolean
  seen: string[]
}

function kept(values: Record<string, unknown>): Kept {
  const value = setting<Partial<Kept>>(values, 'hints', {})
  return { off: value.off === true, seen: Array.isArray(value.seen) ? value.seen.filter((id) => typeof id === 'string') : [] }
}

/** The hint that is due, if any; none before the settings are here. */
export function hintFor(now: Situation, values: Record<string, unknown>): { id: HintId; target: string } | null {
  const { off, seen } = kept(values)
  if (off) return null
  const hint = hints.find((h) => h.due(now) && !seen.includes(h.id))
  return hint ? { id: hint.id, target: hint.target(now) } : null
}

/** The person is through with a hint, for good. */
export function putAway(id: HintId): void {
  const { off, seen } = kept(useSettings.getState().values)
  if (!seen.includes(id)) keepSetting('hints', { off, seen: [...seen, id] })
}

export function noMoreHints(): void {
  keepSetting('hints', { ...kept(useSettings.getState().values), off: true })
}

export function showHintsAgain(): void {
  keepSetting('hints', { off: false, seen: [] })
}

export function areOff(): boolean {
  const { off, seen } = kept(useSettings.getState().values)
  return off || seen.length >= Object.keys(hintTexts).length
}

/** Puts away what a person does by themselves; answers how to stop. */
export function followLearning(): () => void {
  let before = situation()
  const look = () => {
    const now = situation()
    for (const hint of hints) if (hint.learned(now, before)) putAway(hint.id)
    before = now
  }
  const stops = [useRuns.subscribe(look), useStudio.subscribe(look)]
  return () => stops.forEach((stop) => stop())
}
