// Copies of edits that could not be written, kept beside the project until the
// person has chosen.
import type { Flow, Layout } from './types'

export interface Unwritten {
  /** Of the file in the project. */
  path: string
  /** The revision that was edited. */
  base: string
  /** Of a flow. */
  flow?: Flow
  layout?: Layout
  /** Of any other file. */
  text?: string
}

export interface DraftMethods {
  /** The paths of all documents of which a copy is kept. */
  'drafts.list': [Record<string, never>, string[]]
  'drafts.keep': [Unwritten, null]
  'drafts.drop': [{ path: string }, null]
}
