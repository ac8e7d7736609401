// Versions of a flow as Go tells of them, and what differs between two.
import type { Change } from './debugging'
import type { Flow, Layout } from './types'

export interface GitView {
  /** False where there is no repository. */
  in_git: boolean
  branch: string
  ahead?: number
  behind?: number
  /** Files that are not committed as they are: added, changed or removed. */
  changed: Record<string, string>
}

export interface Version { revision: string; subject: string; author: string; at: string }

export interface Compared {
  /** null: the other version has no flow of that name. */
  flow: Flow | null
  layout: Layout | null
  /** From the other version to what is drawn now. */
  changes: Change[]
  /** Outside of the flow. */
  others: Change[]
}

export interface CompareMethods {
  'project.git': [Record<string, never>, GitView]
  /** Commits that changed a file, the newest first. */
  'compare.versions': [{ path: string }, Version[]]
  /** One of revision, bundle (a path) and folder (of another project). */
  'compare.load': [{ slug: string; flow: Flow; layout: Layout; revision?: string; bundle?: string; folder?: string }, Compared]
  /** The flow, made like the other one in what the change is about. */
  'compare.take': [{ flow: Flow; other: Flow; change: Change }, Flow]
}
