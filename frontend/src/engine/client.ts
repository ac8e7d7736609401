// The typed door to Go: `call` for methods, `on` for events. Only this folder
// talks to the transport.
import type { Events, Methods } from './types'
import type { Transport } from './transport'

let transport: Transport | undefined
const handlers = new Map<string, Set<(payload: never) => void>>()

/** Takes a transport into use; answers how to let go of it. */
export function connect(next: Transport, onLink: (up: boolean) => void): () => void {
  transport = next
  return next.listen((name, payload) => {
    for (const handler of handlers.get(name) ?? []) handler((listEvents.has(name) ? (payload ?? []) : payload) as never)
  }, onLink)
}

type NoArgs = { [M in keyof Methods]: Methods[M][0] extends Record<string, never> ? M : never }[keyof Methods]

export function call<M extends NoArgs>(method: M): Promise<Methods[M][1]>
export function call<M extends keyof Methods>(method: M, args: Methods[M][0]): Promise<Methods[M][1]>
export async function call(method: string, args: unknown = {}): Promise<unknown> {
  if (!transport) throw new Error('call before connect')
  const answer = await transport.call(method, args)
  return lists.has(method) ? (answer ?? []) : answer
}

// Go writes an empty list that was never made as null.
const lists = new Set<string>([
  'templates.list',
  'project.recent',
  'flow.check',
  'flow.scope',
  'problems.list',
  'runs.list',
  'debug.breakpoints',
  'debug.set_breakpoint',
  'debug.clear_breakpoint',
  'sessions.list',
  'users.list',
  'outbox.list',
  'audit.list',
])
const listEvents = new Set<string>(['problems', 'sessions', 'outbox', 'breakpoints'])

/** Listens to an event until the returned function is called. */
export function on<E extends keyof Events>(name: E, handler: (payload: Events[E]) => void): () => void {
  const set = handlers.get(name) ?? new Set()
  handlers.set(name, set)
  set.add(handler)
  return () => set.delete(handler)
}
