// What an import of flows written elsewhere answers.
import type { Project } from './types'

/** One thing that was not carried over as it was. */
export interface ImportEntry { kind: 'todo' | 'check' | 'note'; file: string; line?: number; column?: number; what: string; do?: string }

export interface ImportReport {
  project: string
  flows: { name: string; slug: string; file: string; trigger: string; subflow_only: boolean; blocks: number }[]
  pages: string[]
  actions: string[]
  entries: ImportEntry[]
}

export interface ImportMethods {
  /** A .gama archive or .flow file becomes a project in a folder that is new or empty, and is opened. */
  'project.import_agama': [{ file: string; dir: string; login: string }, { project: Project; report: ImportReport }]
}
