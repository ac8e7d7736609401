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
  useProblems.setState((state) => ({ live: { ...state.live, [slug]: problems.filter((p) => p.flow === slug) } }))
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

type Found = Pick<ProblemsState, 'saved' | 'live'>
let sorted: { of: Found; problems: Problem[] } | null = null

/** Every problem as it is now, the worst first. Many ask at every key, so it is sorted once; nobody changes the list. */
export function allProblems(state: Found): Problem[] {
  if (sorted?.of.saved !== state.saved || sorted.of.live !== state.live) sorted = { of: { saved: state.saved, live: state.live }, problems: sortProblems(state) }
  return sorted.problems
}

function sortProblems(state: Found): Problem[] {
  const kept = state.saved.filter((p) => !p.flow || !(p.flow in state.live))
  const all = [...kept, ...Object.values(state.live).flat()]
  return all.sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] ||
      Number(!a.flow) - Number(!b.flow) || // what stands in no flow comes after what can be seen on the canvas
      compare(a.flow ?? a.file ?? '', b.flow ?? b.file ?? '') ||
      compare(a.block ?? '', b.block ?? ''),
  )
}

/** Ids and paths are plain letters: no need to ask how a language sorts them. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

on('problems', (saved) => useProblems.setState({ saved }))
on('suppressed', (suppressed) => useProblems.setState({ suppressed }))
