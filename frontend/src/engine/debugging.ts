// The debugger as Go tells of it: runs, breakpoints, values.
type Empty = Record<string, never>

export type RunStatus = 'running' | 'paused' | 'waiting' | 'succeeded' | 'denied' | 'failed' | 'expired' | 'stopped'
export type StopReason = 'breakpoint' | 'step' | 'pause' | 'entry' | 'back' | 'deny' | 'error' | 'timeout'

/** A block of a flow, or a line of an Action that the block runs. */
export interface Place {
  flow: string
  block: string
  function?: string
  file?: string
  line?: number
  column?: number
  /** Why the variables of a function cannot be seen. */
  unreadable?: string
}

export interface RunView {
  id: string
  flow: string
  trigger: string
  status: RunStatus
  started_at: string
  /** Where it stands: the innermost frame first. */
  stack: Place[]
  /** Why it is paused. */
  reason?: StopReason
  reason_text?: string
  /** The breakpoint that it stopped at. */
  breakpoint?: number
  /** Nothing is performed: what was recorded happens again. */
  replay?: boolean
  /** The moment of its history that it stands at. */
  moment: number
  /** What has run, in order. */
  path: RunStep[]
  /** The stretches that it was taken back from, the oldest first. */
  left?: RunStep[][]
  /** event, step, input, claims, flow: as they are now. */
  values: Record<string, unknown>
  outcome?: { success: boolean; reason: string; message: string; user_id?: string; session_id?: string }
  error?: { code: string; message: string; block: string; line?: number; hint?: string }
}

export interface RunStep {
  n: number
  /** The moment before it. */
  moment: number
  flow: string
  block: string
  type: string
  port: string
  at: string
  ms: number
  outputs: Record<string, unknown>
  error?: string
  /** A person changed a value before it. */
  changed?: boolean
  /** It did not run: a person chose its port. */
  forced?: boolean
}

export type BreakpointKind = 'block' | 'edge' | 'page' | 'type' | 'line' | 'value'

export interface Breakpoint {
  /** 0 for a new one; one at the same place is replaced. */
  id: number
  kind: BreakpointKind
  flow?: string
  block?: string
  port?: string
  type?: string
  page?: string
  file?: string
  line?: number
  column?: number
  path?: string
  enabled: boolean
  /** CEL; at a line JavaScript. */
  condition?: string
  /** ">5", ">=5", "==5", "5", "%5". */
  hit?: string
  /** Said in place of stopping; {…} are expressions. */
  message?: string
  verified: boolean
  why?: string
}

/** At what runs stop wherever it happens. */
export interface Catching { deny: boolean; error: boolean; timeout: boolean }
/** An outcome that a block is held to in every run of the studio, without running. */
export interface Pin { flow: string; block: string; port: string; outputs: Record<string, unknown>; enabled: boolean; why?: string }
export interface Stops { breakpoints: Breakpoint[]; catching: Catching; pins: Pin[] }

/** What a breakpoint with a message said. */
export interface DebugLog { run: string; breakpoint: number; place: Place; text: string; at: string }

export interface Look { moment: number; type: string; journal: number; stack: Place[]; values: Record<string, unknown>; returnable: boolean }
export interface Difference { path: string; before: unknown; after: unknown; kind: 'added' | 'removed' | 'changed' }

/** One difference between two versions of a flow or a project, by meaning. */
export interface Change {
  kind: 'added' | 'removed' | 'changed' | 'renamed' | 'moved'
  part: 'flow' | 'block' | 'edge' | 'setting' | 'lock' | 'action' | 'page' | 'label' | 'list' | 'contract' | 'client' | 'secret' | 'host'
  flow?: string
  block?: string
  port?: string
  path?: string
  before?: unknown
  after?: unknown
  weakens?: boolean
  text: string
}

/** A group of values of a flow's frame; of `effects` a list. */
export interface FlowScope { name: 'event' | 'input' | 'step' | 'claims' | 'session' | 'effects'; values: unknown; changeable: boolean }
export interface ActionScope { name: string; ref: number; size: number; note?: string }
export interface Variable { name: string; value: string; type: string; ref?: number; size?: number; path?: string; uninitialised?: boolean }
export interface Evaluation extends Variable { logs?: { level: string; message: string }[]; changed?: boolean }

/** Frames count as the stack of the run shows them. */
export interface DebugMethods {
  'runs.list': [Empty, RunView[]]
  'run.get': [{ run: string }, RunView]
  'debug.breakpoints': [Empty, Stops]
  'debug.set_breakpoint': [Partial<Breakpoint>, Stops]
  'debug.clear_breakpoint': [{ id: number }, Stops]
  'debug.catch': [Catching, Stops]
  /** Without a port the pin is taken out. */
  'debug.pin': [Pin, Stops]
  'debug.continue': [{ run: string }, null]
  'debug.step_over': [{ run: string }, null]
  'debug.step_into': [{ run: string }, null]
  'debug.step_out': [{ run: string }, null]
  'debug.step_back': [{ run: string }, null]
  'debug.reverse_continue': [{ run: string }, null]
  /** Back to before the block that it is in. */
  'debug.restart': [{ run: string }, null]
  'debug.pause': [{ run: string }, null]
  'debug.stop': [{ run: string }, null]
  'debug.run_to': [{ run: string; flow?: string; block?: string; file?: string; line?: number }, null]
  /** Takes the run, and its world, back; `edited` goes on with the project as it is now. */
  'debug.back_to': [{ run: string; moment: number; edited?: boolean }, null]
  /** Replays a recording from before its first block; `present`: on the project as it is now. */
  'debug.replay': [{ text: string; present?: boolean }, { run: string }]
  /** A run as the text of a file that replays on any machine. */
  'debug.recording': [{ run: string }, { text: string }]
  /** Back to before the block that a flow's frame is in; frame 0 is the innermost flow. */
  'debug.restart_frame': [{ run: string; frame: number }, null]
  /** Leaves the block by a port, without running it. */
  'debug.force': [{ run: string; port: string; outputs?: Record<string, unknown> }, null]
  'debug.jump': [{ run: string; block: string }, null]
  'debug.set_value': [{ run: string; path: string; value: unknown }, RunView]
  'debug.look': [{ run: string; moment: number }, Look]
  'debug.compare': [{ run: string; moment: number; to: number }, Difference[]]
  /** What has changed since the version that the run is on. */
  'debug.changes': [{ run: string }, Change[]]
  'debug.scopes': [{ run: string; frame: number }, { flow?: FlowScope[]; action?: ActionScope[] }]
  'debug.evaluate': [{ run: string; frame: number; expression: string; moment?: number }, { value?: unknown; variable?: Evaluation }]
  'debug.complete': [{ run: string; frame: number; expression: string }, string[]]
  /** A page of what is in a scope or a value of a paused Action. */
  'debug.variable': [{ run: string; ref: number; start: number; count: number }, { variables: Variable[]; total: number }]
  'debug.assign': [{ run: string; ref: number; name: string; expression: string }, Evaluation]
}
