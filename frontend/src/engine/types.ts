// The shapes of app/studio's methods and events: the one contract between the
// front end and Go. app/studio/contract_test.go holds the Go side against it.
import type { Outside, Stub } from './call-types'
import type { TestMethods, TestProgress, TestResult } from './test-types'
import type { ActionEvent, ActionSummary, ActionTypes, Tried, TryOrder } from './action-types'
export type * from './action-types'
import type { DebugLog, DebugMethods, RunView, Stops } from './debugging'
export type * from './debugging'
import type { DrawingMethods, Expansion, Frame, Note } from './drawing-types'
import type { ImportMethods } from './import-types'
import type { PageMethods } from './page-types'
export type * from './drawing-types'
export type * from './page-types'
import type { CompareMethods } from './compare-types'
export type * from './compare-types'
import type { DraftMethods, Unwritten } from './draft-types'
export type * from './draft-types'
import type { BundleMethods } from './bundle-types'
import type { ContractMethods, Proven } from './contract-types'
import type { Problem, ProblemMethods, Suppressed } from './problem-types'

/** A flow file (`flows/<slug>.json`); the JSON Schema is docs/schema/flow-1.json. */
export interface Flow {
  $schema?: string
  format: 1
  name: string
  description?: string
  trigger: string
  enabled: boolean
  subflow_only?: boolean
  /** Seconds a person may take, 0 or absent: the server's limit (rule N9). */
  timeout?: number
  /** Own stages of a `custom` flow, in order. */
  stages?: string[]
  inputs?: Record<string, FlowInput>
  /** Lifted locks (rule G6). */
  unlocked?: { block: string; reason: string }[]
  start: string
  blocks: Record<string, Block>
}
export interface FlowInput { type: ValueType; required?: boolean; description?: string }
export interface Block {
  type: string
  stage: string
  label?: string
  note?: string
  config?: Record<string, unknown>
  /** port → id of the block it leads to. */
  next?: Record<string, string>
}
/** `flows/<slug>.layout.json`; x counts from the left edge of the block's lane. */
export interface Layout { format: 1; blocks: Record<string, { x: number; y: number }>; notes?: Record<string, Note>; frames?: Record<string, Frame>; expanded?: Record<string, Expansion> }

export type ValueType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'any'

// ---- catalogue ---------------------------------------------------------------
export interface Catalogue {
  families: { id: string; title: string }[]
  blocks: Descriptor[]
  triggers: { id: string; title: string; stages: { id: string; title: string }[]; locked: string[] }[]
}
export interface Descriptor {
  id: string
  family: string
  title: string
  summary: string
  help: string
  synonyms: string[]
  icon: string
  terminal: boolean
  asks: boolean
  fields: Field[]
  outputs: { name: string; type: ValueType; help: string }[]
  ports: Port[]
  /** Stages it may stand in, per trigger; absent: any. */
  stages?: Record<string, string[]>
}
export interface Port { id: string; title: string; tone: 'good' | 'bad' | 'warn' | 'neutral' }
/** One config field. `kind` decides the widget; `items` are the fields of one row of a list. */
export interface Field {
  name: string
  title: string
  help?: string
  kind:
    | 'text' | 'template' | 'expression' | 'number' | 'boolean' | 'choice' | 'choices'
    | 'duration' | 'list' | 'strings' | 'map' | 'page' | 'action' | 'flow' | 'json' | 'identifier'
  required?: boolean
  default?: unknown
  placeholder?: string
  unit?: string
  min?: number
  max?: number
  options?: { value: string; title: string; help?: string }[]
  items?: Field[]
  /** A value of this list field becomes a port of the block: the row's field that names it. */
  port_of?: string
}

// ---- projects ----------------------------------------------------------------
/** `native_menus`: they are the system's; `dialogs`: there are file dialogs. */
export interface AppInfo { version: string; mode: 'window' | 'browser'; platform: string; native_menus: boolean; dialogs: boolean }
/** One menu of the system's menu bar; an item is a command or a line. */
export interface MenuView { id: string; title: string; items: { line: boolean; id: string; title: string; keys: string; enabled: boolean }[] }
export interface Template { name: string; title: string; summary: string; shows: string[]; main: string; flows: string[]; blocks: number; preview: Preview }
/** A flow as a small drawing, in the canvas's measures; edges lead from card to card. */
export interface Preview { width: number; height: number; lanes: number[]; cards: { x: number; y: number; height: number; family: string }[]; edges: [number, number][] }
export interface RecentProject { dir: string; name: string; opened_at: string; exists: boolean }
export interface Project {
  dir: string
  name: string
  version: string
  flows: FlowSummary[]
  actions: ActionSummary[]
  pages: FileSummary[]
  /** All other files that can be written as text. */
  texts: FileSummary[]
}
export interface FlowSummary { slug: string; name: string; trigger: string; enabled: boolean; subflow_only: boolean; blocks: number; error?: string }
export interface FileSummary { path: string; size: number }
export interface LoadedFlow { slug: string; flow: Flow; layout: Layout; revision: string; draft?: Unwritten }
export interface LoadedFile { path: string; text: string; revision: string; draft?: Unwritten }
/** Answer of project.folders: folders to choose a project in, for the browser mode. */
export interface Folders { dir: string; parent: string; folders: { name: string; path: string; project: boolean }[]; sources: { name: string; path: string }[] }

// ---- checks --------------------------------------------------------------------
/** A safe fix, as edits of the flow document. */
export type FlowEdit =
  | { op: 'set_config'; block: string; field: string; value: unknown }
  | { op: 'connect'; block: string; port: string; to: string }
  | { op: 'disconnect'; block: string; port: string }
  | { op: 'set_stage'; block: string; stage: string }
  | { op: 'delete_block'; block: string }
/** A value that can be used at a place; `sure` is false when some path to the block has not produced it. */
export interface ScopeValue { path: string; type: ValueType; help: string; sure: boolean }

// ---- running -------------------------------------------------------------------
export interface Harness {
  issuer: string
  client_id: string
  demo_url: string
  control_url: string
  users: { identifier: string; password: string; name: string; factors: string[] }[]
}
/** What the tester sets for the person at the browser panel. */
export interface WorldSettings {
  ip: string
  user_agent: string
  /** Keep cookies of earlier runs (a known device) or start with none. */
  device: 'known' | 'new'
  /** Seconds the harness's clock is ahead of the real one. */
  clock_offset: number
  /** Risk signals that are so whatever would be found, and the score. */
  risk: Record<string, boolean | number>
  /** The names that there are. */
  signals: string[]
}
export interface BrowserView {
  /** Grows with each change. */
  seq: number
  url: string
  status: number
  title: string
  /** The page, scripts taken out; shown in a frame that runs none. */
  html: string
  loading: boolean
  /** The run this page belongs to, while there is one. */
  run?: string
  error?: string
  can_go_back: boolean
}
// ---- what a run leaves -----------------------------------------------------------
export interface TokenView {
  kind: 'id_token' | 'access_token'
  raw: string
  header: Record<string, unknown>
  claims: Record<string, unknown>
  verified: boolean
  problem?: string
  expires_at: string
}
export interface Tokens { received_at: string; run?: string; tokens: TokenView[]; userinfo?: Record<string, unknown> }
export interface SessionView {
  id: string
  user_id: string
  user: string
  acr: string
  amr: string[]
  created_at: string
  last_seen_at: string
  /** null: no idle limit. */
  idle_expires_at: string | null
  expires_at: string
  ip: string
  user_agent: string
  clients: string[]
}
export interface UserView { id: string; email: string; username: string; name: string; status: string; factors: string[]; last_sign_in?: string }
export interface MailView { id: string; channel: 'email' | 'sms'; to: string; subject: string; text: string; at: string; code?: string; links: string[]; run?: string }
export interface AuditView { seq: number; at: string; type: string; run?: string; flow?: string; user?: string; ip?: string; data: Record<string, unknown> }

// ---- the provider, for people's own tests -------------------------------------------
export interface FaultOrder { status?: number; error?: string; body?: string; delay?: string; times?: number }
export interface RecordedRequest {
  seq: number
  at: string
  endpoint: string
  method: string
  path: string
  client_id?: string
  /** Secrets are named, and never shown. */
  params?: Record<string, string[]>
  status: number
  outcome: string
}
export interface NextUser { user: string; id: string; aal: string; times: number }
export interface KeyView { kid: string; alg: string; state: 'next' | 'current' | 'retired'; created: string; since?: string; retired?: string }
export interface LogoutView { id: string; client_id: string; uri: string; session_id: string; user_id: string; state: 'waiting' | 'delivered' | 'failed'; at: string; attempts: number; next?: string; last_error?: string }
export interface ProviderView {
  endpoints: string[]
  faults: Record<string, FaultOrder>
  /** The latest first. */
  requests: RecordedRequest[]
  next: NextUser[]
  picker: boolean
  keys: KeyView[]
  logouts: LogoutView[]
}

/** An Action, or a small flow, that a project takes over as its own. */
export interface ReadyMade {
  name: string
  kind: 'action' | 'flow'
  title: string
  summary: string
  config?: { name: string; type: string; options?: string[]; default?: unknown; required?: boolean; help?: string }[]
  ports?: { name: string; help?: string }[]
  outputs?: { name: string; type: string; help?: string }[]
}

// ---- the wire ----------------------------------------------------------------------
export interface ApiError { code: string; message: string; hint?: string; data?: unknown }

/** Every method: name → [argument, answer]. */
export interface Methods extends BundleMethods, DebugMethods, CompareMethods, ContractMethods, DraftMethods, DrawingMethods, ImportMethods, PageMethods, ProblemMethods, TestMethods {
  'app.info': [Record<string, never>, AppInfo]
  'app.menus': [{ menus: MenuView[] }, null]
  'catalogue.get': [Record<string, never>, Catalogue]
  'templates.list': [Record<string, never>, Template[]]
  'project.recent': [Record<string, never>, RecentProject[]]
  'project.folders': [{ dir: string }, Folders]
  'project.pick': [{ title: string }, { dir: string }] // window only: native dialog
  'project.save_as': [{ title: string; dir: string; name: string }, { path: string }] // likewise
  'project.create': [{ template: string; dir: string; name: string }, Project]
  'project.open': [{ dir: string }, Project]
  'project.current': [Record<string, never>, Project | null]
  'project.close': [Record<string, never>, null]
  'project.rename': [{ name: string }, Project]
  'flow.load': [{ slug: string }, LoadedFlow]
  /** error code `conflict` (data: LoadedFlow) when the file is no longer at `base`. */
  'flow.save': [{ slug: string; flow: Flow; layout: Layout; base: string }, { revision: string; problems: Problem[] }]
  'flow.check': [{ slug: string; flow: Flow }, Problem[]]
  'flow.scope': [{ slug: string; flow: Flow; block: string }, ScopeValue[]]
  /** Renames a block and every reference to it in the given document. */
  'flow.rename_block': [{ slug: string; flow: Flow; layout: Layout; from: string; to: string }, { flow: Flow; layout: Layout }]
  'flow.create': [{ slug: string; name: string; trigger: string }, LoadedFlow]
  'file.load': [{ path: string }, LoadedFile]
  'file.save': [{ path: string; text: string; base: string }, { revision: string; problems: Problem[] }]
  'file.create': [{ path: string }, LoadedFile]
  'actions.ready': [Record<string, never>, ReadyMade[]]
  'actions.add': [{ ready: string; name: string }, { file?: LoadedFile; flow?: LoadedFlow }]
  'actions.types': [{ action: string }, ActionTypes]
  'actions.events': [{ action: string }, ActionEvent[]]
  'actions.try': [TryOrder, Tried]
  'harness.get': [Record<string, never>, Harness]
  'world.get': [Record<string, never>, WorldSettings]
  'world.set': [WorldSettings, WorldSettings]
  /** Begins a sign-in in the browser panel, through the authorization endpoint like any client's. */
  'run.start': [{ flow: string; to?: string }, null]
  'browser.get': [Record<string, never>, BrowserView]
  'browser.open': [{ url: string }, null]
  'browser.submit': [{ action: string; method: string; fields: [string, string][] }, null]
  'browser.reload': [Record<string, never>, null]
  'browser.back': [Record<string, never>, null]
  'tokens.get': [Record<string, never>, Tokens | null]
  'sessions.list': [Record<string, never>, SessionView[]]
  'sessions.revoke': [{ id: string }, null]
  /** As its person does who signs out: clients are told. */
  'sessions.logout': [{ id: string }, null]
  'users.list': [Record<string, never>, UserView[]]
  'users.reset': [Record<string, never>, null]
  /** A deactivated account's sessions end with it. */
  'users.status': [{ id: string; active: boolean }, null]
  'users.app_code': [{ id: string }, { code: string; seconds: number }]
  'outbox.list': [Record<string, never>, MailView[]]
  'audit.list': [{ after: number }, AuditView[]]
  'provider.get': [Record<string, never>, ProviderView]
  'provider.fault': [{ endpoint: string; fault: FaultOrder }, ProviderView]
  /** Without an endpoint: all of them. */
  'provider.clear_faults': [{ endpoint: string }, ProviderView]
  'provider.clear_requests': [Record<string, never>, ProviderView]
  'provider.claims': [{ user: string; claims: { id_token?: Record<string, unknown>; access_token?: Record<string, unknown> } }, ProviderView]
  'provider.next_user': [{ user: string; aal: string; times: number }, ProviderView]
  'provider.clear_next': [Record<string, never>, ProviderView]
  'provider.picker': [{ on: boolean }, ProviderView]
  'provider.rotate_keys': [Record<string, never>, ProviderView]
  'calls.list': [Record<string, never>, Outside]
  /** From now on a stub answers calls of that method to that address. */
  'calls.answer': [{ method: string; url: string; status: number; body: string }, Outside]
  'calls.drop': [{ method: string; url: string }, Outside]
  'calls.forget': [Record<string, never>, Outside]
  /** Writes a stub into world.yaml. */
  'calls.keep': [{ stub: Stub }, Outside]
  'settings.get': [Record<string, never>, Record<string, unknown>]
  'settings.set': [{ key: string; value: unknown }, null]
}

/** Every event: name → payload. */
export interface Events {
  /** A run changed; sent at each stop, not for every block. */
  run: RunView
  browser: BrowserView
  problems: Problem[]
  suppressed: Suppressed[]
  /** What was proven of the contracts after the last change. */
  contracts: Proven
  project: Project
  /** A file of the project changed on disk, not by this window. */
  changed: { path: string; revision: string }
  tokens: Tokens
  /** An Action was tried; what it called stands here. */
  calls: Outside
  /** One scenario has been run. */
  test: TestResult
  test_progress: TestProgress
  /** What runs left behind, sent when it is committed. */
  sessions: SessionView[]
  users: UserView[]
  outbox: MailView[]
  /** There are new records; ask for those after the last one. */
  audit: Record<string, never>
  breakpoints: Stops
  debug_log: DebugLog
  /** A command of the system's menus was chosen. */
  command: { id: string }
}
