// Contracts of the project: promises about its flows, and the verdicts on them.
import type { ScopeValue } from './types'

export interface Contract {
  name: string
  about?: string
  /** Flows or triggers; none: every flow that can be started. */
  on?: string[]
  every?: string[]
  passed?: string[]
  never?: string[]
  after?: string[]
  when?: string
  unless?: string
  alike?: string[]
  /** A duration such as 5s. */
  within?: string
  calls_only?: string[]
  file?: string
  line?: number
}
export interface ContractStep {
  flow: string
  block: string
  /** Absent where a flow is run, where one ends, and where the contract breaks by entering. */
  port?: string
  values?: { term: string; is: string; example?: unknown }[]
}
export type Verdict = 'proved' | 'refuted' | 'unknown'
export interface ContractResult {
  name: string
  verdict: Verdict
  path: ContractStep[]
  reason?: string
  /** The flow that was started. */
  flow?: string
  file?: string
  line?: number
  malformed?: boolean
  states: number
}
/** A word for what a path can do. */
export interface ContractEffect { word: string; help: string; holds?: boolean }
export interface ContractList {
  contracts: Contract[]
  unreadable: string[]
  effects: ContractEffect[]
  /** Types of block, blocks and outcomes that can be named. */
  words: string[]
  /** What conditions can ask for, by flow. */
  values: Record<string, ScopeValue[]>
}
export interface Proven { results: ContractResult[] }

/** The methods of app/studio/contracts.go. */
export interface ContractMethods {
  'contracts.list': [Record<string, never>, ContractList]
  'contracts.prove': [Record<string, never>, Proven]
  'contracts.save': [{ file: string; old: string; contract: Contract }, Proven]
  'contracts.drop': [{ file: string; name: string }, Proven]
  'contracts.save_counterexample': [{ file: string; name: string }, { path: string; text: string }]
}
