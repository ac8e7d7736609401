// Bundles: what one would hold, what was exported, and what a file from anywhere is.
import type { Change } from './debugging'
import type { Problem } from './problem-types'

export interface BundleFlow { slug: string; trigger: string; startable: boolean; blocks: number }
export interface BundleSecret { name: string; purpose?: string }
export interface BundleContract { name: string; verdict: string }

/** What is said of the issue of a bundle. */
export interface Issue { revision?: number; previous?: string; expires?: string; scope?: string }

export interface BundlePreview {
  digest: string
  name: string
  version: string
  flows: BundleFlow[]
  parts: { path: string; size: number; sha256: string }[]
  secrets: BundleSecret[]
  hosts: string[]
  unlocked: { flow: string; block: string; reason: string }[]
  suppressed: { code: string; flow?: string; block?: string; reason: string }[]
  contracts: BundleContract[]
  problems: Problem[]
  /** False while there are errors: why stands in problems. */
  exportable: boolean
  /** The newest bundle that was exported and can still be read. */
  last: Release | null
  /** Since then. */
  changes: Change[]
  verdicts: { name: string; before: string; after: string }[]
}
export interface Exported extends Issue {
  path: string
  digest: string
  size: number
  signed_by: string
  /** The file that was made for the secrets' values; empty: there is one, or nothing to supply. */
  env: string
}
export interface Release extends Exported { name: string; version: string; at: string; readable?: string }

/** A bundle from anywhere, looked at as a server does. */
export interface BundleView extends Issue {
  path: string
  name: string
  version: string
  digest: string
  size: number
  signed_by: string
  trusted: boolean
  flows: BundleFlow[]
  secrets: BundleSecret[]
  hosts: string[]
  contracts: BundleContract[]
  /** Its smoke tests, as they end here: passed or failed. */
  scenarios: { name: string; result: string }[]
  problems: Problem[]
  sound: boolean
  ours: boolean
  /** Why it cannot be read at all. */
  refused: { code: string; message: string; hint?: string } | null
}

export interface BundleMethods {
  'bundle.preview': [Record<string, never>, BundlePreview]
  'bundle.export': [{ path: string; key: string; revision: number; expires: string; scope: string }, Exported]
  'bundle.new_key': [{ path: string }, { path: string; public_path: string }]
  'bundle.history': [Record<string, never>, Release[]]
  /** A path, or the bytes (base64) with a name. */
  'bundle.verify': [{ path?: string; name?: string; data?: string; key?: string }, BundleView]
}
