// Calls of flows and Actions to other services, and stubs that answer them.
export interface StubAnswer {
  status?: number
  headers?: Record<string, string>
  json?: unknown
  text?: string
  delay?: string
  fault?: string
}
export interface Stub {
  name?: string
  method?: string
  url: string
  body?: string
  answer?: StubAnswer
  answers?: StubAnswer[]
  times?: number
}
export interface OutgoingCall {
  method: string
  url: string
  header?: Record<string, string>
  body?: string
  /** The stub that answered; absent for a service that was asked for real. */
  stub?: string
  answer?: StubAnswer
  status?: number
  error?: string
}
export interface Outside {
  calls: OutgoingCall[]
  stubs: Stub[]
}
