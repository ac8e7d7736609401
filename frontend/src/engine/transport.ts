// How calls travel to Go and events come back: over loopback HTTP in a browser,
// through the bound bridge in the desktop window. Both answer the same shapes,
// and nothing above this file knows which one it is.
import { EngineError, ownError } from './errors'
import type { ApiError } from './types'

export interface Transport {
  call(method: string, args: unknown): Promise<unknown>
  /** `onLink(true)` is said each time the line is (again) up. */
  listen(onEvent: (name: string, payload: unknown) => void, onLink: (up: boolean) => void): () => void
}

interface Envelope {
  result?: unknown
  error?: ApiError
}

function open(envelope: Envelope): unknown {
  if (envelope.error) throw new EngineError(envelope.error)
  if (!('result' in envelope)) throw ownError('bad_answer')
  return envelope.result
}

/** How long a line that was refused rests. */
const AGAIN_MS = 2000

/** Browser mode: POST for calls, server-sent events for what Go has to say. */
export const httpTransport: Transport = {
  async call(method, args) {
    let response: Response
    try {
      response = await fetch(`/api/call/${method}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        credentials: 'same-origin',
        body: JSON.stringify(args),
      })
    } catch {
      throw ownError('unreachable')
    }
    let envelope: Envelope
    try {
      envelope = (await response.json()) as Envelope
    } catch {
      throw ownError(response.status === 401 ? 'unauthorized' : 'bad_answer')
    }
    return open(envelope)
  },
  listen(onEvent, onLink) {
    let source: EventSource
    let again: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      source = new EventSource('/api/events')
      source.onopen = () => onLink(true)
      source.onerror = () => {
        onLink(false)
        // A studio that was started anew refuses at first: the browser would not ask it again.
        if (source.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN_MS)
      }
      source.onmessage = (message: MessageEvent<string>) => {
        const event = JSON.parse(message.data) as { name: string; payload: unknown }
        onEvent(event.name, event.payload)
      }
    }
    open()
    return () => {
      clearTimeout(again)
      source.close()
    }
  },
}

interface DesktopWindow {
  go?: { desktop?: { Bridge?: { Call(method: string, argsJSON: string): Promise<string> } } }
  runtime?: { EventsOn(name: string, callback: (event: { name: string; payload: unknown }) => void): () => void }
}

function desktop(): DesktopWindow {
  return globalThis as unknown as DesktopWindow
}

/** The Wails window: one bound method for calls, one event name for all events. */
export const windowTransport: Transport = {
  async call(method, args) {
    const bridge = desktop().go?.desktop?.Bridge
    if (!bridge) throw ownError('unreachable')
    const answer = await bridge.Call(method, JSON.stringify(args))
    let envelope: Envelope
    try {
      envelope = JSON.parse(answer) as Envelope
    } catch {
      throw ownError('bad_answer')
    }
    return open(envelope)
  },
  listen(onEvent, onLink) {
    const stop = desktop().runtime?.EventsOn('studio', (event) => onEvent(event.name, event.payload))
    onLink(true)
    return () => stop?.()
  },
}

/** The transport of this page. */
export function chooseTransport(): Transport {
  return desktop().go ? windowTransport : httpTransport
}
