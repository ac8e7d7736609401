// What of the problems is shown and how it stands together: pure, so that F8, the
// panel and the commands agree.
import { create } from 'zustand'
import { allProblems, type Problem, type Suppressed, useProblems } from '../engine'

export type Severity = Problem['severity']
export type Grouping = 'severity' | 'flow' | 'code'

export interface View {
  hidden: ReadonlySet<Severity>
  /** A flow's slug, '' for all, '/' for what stands in no flow. */
  flow: string
  grouping: Grouping
  /** The suppressed ones are listed, too. */
  suppressed: boolean
  /** The problem that commands are about. */
  chosen: string | null
  /** The problems whose check is explained. */
  explained: ReadonlySet<string>
}

export const fresh: View = { hidden: new Set(), flow: '', grouping: 'severity', suppressed: false, chosen: null, explained: new Set() }

export const useView = create<View>()(() => fresh)

export interface Group { key: string; title: string; problems: Problem[] }

export const severityNames: Record<Severity, string> = { error: 'Errors', warning: 'Warnings', info: 'Notes' }

/** Tells a problem from all others. */
export function keyOfProblem(p: Problem): string {
  return [p.code, p.flow, p.block, p.field, p.file, p.line, p.message].join('|')
}

export function suits(view: Pick<View, 'hidden' | 'flow'>, problem: Problem): boolean {
  if (view.hidden.has(problem.severity)) return false
  return view.flow === '' || (view.flow === '/' ? !problem.flow : problem.flow === view.flow)
}

/** The problems in the groups in which they are listed. */
export function grouped(problems: Problem[], view: Pick<View, 'hidden' | 'flow' | 'grouping'>, nameOf: (slug: string) => string): Group[] {
  const groups = new Map<string, Group>()
  for (const problem of problems) {
    if (!suits(view, problem)) continue
    const { key, title } = groupOf(problem, view.grouping, nameOf)
    const group = groups.get(key) ?? { key, title, problems: [] }
    group.problems.push(problem)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function groupOf(problem: Problem, grouping: Grouping, nameOf: (slug: string) => string): { key: string; title: string } {
  if (grouping === 'severity') return { key: problem.severity, title: severityNames[problem.severity] }
  if (grouping === 'code') return { key: problem.code, title: problem.code }
  return problem.flow ? { key: problem.flow, title: nameOf(problem.flow) } : { key: '/', title: 'Beside the flows' }
}

/** Everything that is listed, from top to bottom. */
export function listed(): Problem[] {
  return grouped(allProblems(useProblems.getState()), useView.getState(), (slug) => slug).flatMap((group) => group.problems)
}

export function suppressedIn(list: Suppressed[], view: Pick<View, 'hidden' | 'flow'>): Suppressed[] {
  return list.filter((finding) => suits({ hidden: new Set(), flow: view.flow }, finding))
}

/** The problem that commands are about: the chosen one, while it is there. */
export function chosenProblem(): Problem | undefined {
  const { chosen } = useView.getState()
  return chosen === null ? undefined : allProblems(useProblems.getState()).find((p) => keyOfProblem(p) === chosen)
}

export function choose(problem: Problem): void {
  useView.setState({ chosen: keyOfProblem(problem) })
}

function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set)
  if (!next.delete(value)) next.add(value)
  return next
}

export function toggleSeverity(severity: Severity): void {
  useView.setState(({ hidden }) => ({ hidden: toggled(hidden, severity) }))
}

export function toggleExplained(problem: Problem): void {
  useView.setState(({ explained }) => ({ explained: toggled(explained, keyOfProblem(problem)) }))
}
