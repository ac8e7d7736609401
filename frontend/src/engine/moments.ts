// The history of a run as a person sees it: which steps lead to a moment, and
// whether two pictures of a run show the same one.
import type { RunStep, RunView } from './debugging'

export interface Past {
  /** The steps before the moment, those of a stretch that was left included. */
  path: RunStep[]
  /** The step that the moment stands before; absent: nothing ran after it. */
  next: RunStep | undefined
  /** The run was taken back to before this moment. */
  left: boolean
}

/** How a run came to a moment of its history. */
export function pathTo(run: RunView, moment: number): Past {
  const at = run.path.findIndex((step) => step.moment === moment)
  if (at >= 0) return { path: run.path.slice(0, at), next: run.path[at], left: false }
  for (const stretch of run.left ?? []) {
    const here = stretch.findIndex((step) => step.moment === moment)
    if (here < 0) continue
    const before = run.path.filter((step) => step.n < stretch[0]!.n)
    return { path: [...before, ...stretch.slice(0, here)], next: stretch[here], left: true }
  }
  return { path: run.path, next: undefined, left: false }
}

/** Whether a run stands where it stood: only its values may differ. */
export function stoodStill(before: RunView | undefined, now: RunView): boolean {
  return before !== undefined && before.status === now.status && before.moment === now.moment && before.path.length === now.path.length && JSON.stringify(before.stack) === JSON.stringify(now.stack)
}

/** How many of a stack's frames, the innermost ones, are those of an Action. */
export function actionFrames(run: RunView): number {
  const first = run.stack.findIndex((place) => place.file === undefined)
  return first < 0 ? run.stack.length : first
}
