// What the checks find, and what a project lets be.
import type { FlowEdit } from './types'

export interface Problem {
  code: string
  severity: 'error' | 'warning' | 'info'
  flow?: string
  block?: string
  /** Config field, as a path: `rows.0.when`. */
  field?: string
  file?: string
  line?: number
  column?: number
  message: string
  why: string
  fix?: { title: string; edit: FlowEdit[] }
}

/** A finding that the project lets be. */
export interface Suppressed extends Problem { reason: string }

/** A check in words. */
export interface CheckRule {
  code: string
  group: string
  title: string
  /** What to do. */
  mend: string
  /** Address of its page, with a wrong and a right example. */
  page: string
}

export interface ProblemMethods {
  'problems.list': [Record<string, never>, Problem[]]
  'problems.rules': [Record<string, never>, CheckRule[]]
  'problems.suppressed': [Record<string, never>, Suppressed[]]
  /** Writes to the project's settings that a finding is let be. */
  'problems.suppress': [{ code: string; flow?: string; block?: string; reason: string }, Suppressed[]]
  'problems.unsuppress': [{ code: string; flow?: string; block?: string }, Suppressed[]]
}
