// Expressions that a person watches: kept per project in the settings, computed
// anew at each stop.
import { call } from './client'
import type { RunView } from './debugging'
import { inOneLine } from './errors'
import { keepSetting, useSettings } from './settings'
import { useStudio } from './studio'

const key = (dir: string) => `watches:${dir}`
const none: string[] = []

function read(values: Record<string, unknown>, dir: string | undefined): string[] {
  const kept = dir === undefined ? undefined : values[key(dir)]
  return Array.isArray(kept) ? (kept as string[]) : none
}

export function useWatches(): string[] {
  const dir = useStudio((state) => state.project?.dir)
  return useSettings((state) => read(state.values, dir))
}

/** Replaces a watched expression; an empty one takes it away, an index past the end adds. */
export function setWatch(index: number, expression: string): void {
  const dir = useStudio.getState().project?.dir
  if (dir === undefined) return
  const list = [...read(useSettings.getState().values, dir)]
  if (expression.trim() === '') list.splice(index, 1)
  else list[index] = expression.trim()
  keepSetting(key(dir), list)
}

export interface Computed {
  /** A value of a flow; an Action's is text that can be opened by its handle. */
  value?: unknown
  text?: string
  type?: string
  ref?: number
  error?: string
  /** What a console.log in it has said. */
  logs?: string[]
  /** The Action's variables were, or may have been, changed by it. */
  changed?: boolean
}

/** Computes an expression in a frame: CEL in a flow, JavaScript in an Action. At a moment of the past it is CEL. */
export async function compute(run: RunView, frame: number, expression: string, moment: number | null = null): Promise<Computed> {
  try {
    const { value, variable } = await call('debug.evaluate', { run: run.id, frame: moment === null ? frame : 0, expression, moment: moment ?? 0 })
    if (!variable) return { value: value ?? null }
    return { text: variable.value, type: variable.type, ref: variable.ref, logs: variable.logs?.map((log) => log.message), changed: variable.changed }
  } catch (failure) {
    return { error: inOneLine(failure) }
  }
}
