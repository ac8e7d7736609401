// Undo and redo: a list of named steps. One gesture is one step; keystrokes that
// follow each other in one field become one step as well.
import type { Doc } from './model'

export interface Step {
  /** What was done, as the Edit menu says it: "Move block". */
  label: string
  before: Doc
  after: Doc
  /** Steps with the same key that follow closely are one. */
  merge?: string
  at: number
}

export interface History {
  past: Step[]
  future: Step[]
}

export const emptyHistory: History = { past: [], future: [] }

const LIMIT = 500
const BURST_MS = 1200

export function record(history: History, step: Step): History {
  const last = history.past.at(-1)
  if (last && step.merge && last.merge === step.merge && step.at - last.at < BURST_MS && history.future.length === 0) {
    return { past: [...history.past.slice(0, -1), { ...last, after: step.after, at: step.at }], future: [] }
  }
  return { past: [...history.past, step].slice(-LIMIT), future: [] }
}

export function undo(history: History): { history: History; step: Step } | null {
  const step = history.past.at(-1)
  if (!step) return null
  return { step, history: { past: history.past.slice(0, -1), future: [step, ...history.future] } }
}

export function redo(history: History): { history: History; step: Step } | null {
  const step = history.future[0]
  if (!step) return null
  return { step, history: { past: [...history.past, { ...step, merge: undefined }], future: history.future.slice(1) } }
}
