// The shapes of what the studio says of Actions: their headers, their types, what
// came of trying one.
import type { Field, FileSummary, ValueType } from './types'

/** A file below `actions/`, with what its header says. */
export interface ActionSummary extends FileSummary {
  /** False for modules and declarations: no block runs them. */
  runs: boolean
  title?: string
  summary?: string
  /** `api.config` as fields of a form. */
  fields: Field[]
  ports: { name: string; help?: string }[]
  outputs: { name: string; type: ValueType; help?: string }[]
}

/** What an editor needs to know the types of an Action. */
export interface ActionTypes { declarations: string; modules: Record<string, string> }
/** An event to try an Action on: a preset, or what the last run knew. */
export interface ActionEvent { id: string; title: string; summary: string; event: Record<string, unknown>; step?: Record<string, unknown> }
export interface TryOrder {
  action: string
  /** The text in the editor, saved or not. */
  source?: string
  event: Record<string, unknown>
  step: Record<string, unknown>
  config: Record<string, unknown>
}
export interface ActionLog { level: 'debug' | 'info' | 'warn' | 'error'; message: string; fields?: Record<string, unknown> }
/** What an Action asked for; nothing of it was carried out. */
export interface Tried {
  /** A port, or `denied`, `redirect`, `error`. */
  outcome: string
  result: {
    denied?: { reason: string; user_message?: string }
    require_mfa?: string
    outputs?: Record<string, unknown>
    claims: { session?: Record<string, unknown>; access_token?: Record<string, unknown>; id_token?: Record<string, unknown> }
    app_metadata?: Record<string, unknown>
    user_metadata?: Record<string, unknown>
    redirect?: string
    logs: ActionLog[]
    return?: unknown
  }
  calls: { method: string; url: string; status?: number; error?: string; ms: number }[]
  error?: { code: string; message: string; file?: string; line?: number; column?: number }
  /** Why a flow would not take it as it is. */
  problem?: string
  ms: number
}
