// What the editor and the worker with the TypeScript language service say to
// each other. Places are offsets in the text of the Action.

export interface Finding {
  from: number
  to: number
  message: string
}

export interface Offer {
  label: string
  kind: string
  /** Lower comes first. */
  order: number
}

export interface Explanation {
  from: number
  to: number
  /** The declaration, as TypeScript writes it. */
  signature: string
  text: string
}

/** Every request: name → [arguments, answer]. Names of files are those below actions/. */
export interface Requests {
  /** What stands around an Action: declarations of event, step, api, and what it may import. */
  project: [[declarations: string, modules: Record<string, string>], null]
  check: [[name: string, text: string], Finding[]]
  complete: [[name: string, text: string, at: number], Offer[]]
  explainOffer: [[name: string, text: string, at: number, label: string], Explanation | null]
  hover: [[name: string, text: string, at: number], Explanation | null]
}

export interface Asked {
  id: number
  method: keyof Requests
  args: unknown[]
}

export interface Answered {
  id: number
  result?: unknown
  error?: string
}
