// All problems of the project. The saved state comes from Go as a whole; a flow
// with unsaved edits has an answer of its own, which is the newer truth for it.
import { create } from 'zustand'
import { call, on } from './client'
import type { CheckRule, Problem, Suppressed } from './problem-types'

interface ProblemsState {
  saved: Problem[]
  /** Answers for documents as they are in the editor, by flow slug. */
  live: Record<string, Problem[]>
  /** What the project lets be, as it is saved. */
  suppressed: Suppressed[]
  /** The checks in words, by code. */
  rules: Record<string, CheckRule>
}

export const useProblems = create<ProblemsState>()(() => ({ saved: [], live: {}, suppressed: [], rules: {} }))

export async function loadProblems(): Promise<void> {
  const [saved, suppressed, rules] = await Promise.all([call('problems.list'), call('problems.suppressed'), call('problems.rules')])
  useProblems.setState({ saved, suppressed, rules: Object.fromEntries(rules.map((rule) => [rule.code, rule])) })
}

export function setLiveProblems(slug: string, problems: Problem[]): void {
  useProblems.setState((state) => ({ live: { ...state.live, [slug]: problems.filter((p) => !p.flow || p.flow === slug) } }))
}

export function dropLiveProblems(slug: string): void {
  useProblems.setState((state) => {
    if (!(slug in state.live)) return state
    const live = { ...state.live }
    delete live[slug]
    return { live }
  })
}

export function setFileProblems(path: string, problems: Problem[]): void {
  const ofFile = problems.filter((p) => p.file === path)
  useProblems.setState((state) => ({ saved: [...state.saved.filter((p) => p.file !== path), ...ofFile] }))
}

export function clearProblems(): void {
  useProblems.setState({ saved: [], live: {}, suppressed: [] })
}

const rank = { error: 0, warning: 1, info: 2 }

/** Every problem as it is now, the worst first. */
export function allProblems(state: Pick<ProblemsState, 'saved' | 'live'>): Problem[] {
  const kept = state.saved.filter((p) => !p.flow || !(p.flow in state.live))
  const all = [...kept, ...Object.values(state.live).flat()]
  return all.sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      (a.flow ?? a.file ?? '').localeCompare(b.flow ?? b.file ?? '') ||
      (a.block ?? '').localeCompare(b.block ?? ''),
  )
}

on('problems', (saved) => useProblems.setState({ saved }))
on('suppressed', (suppressed) => useProblems.setState({ suppressed }))
