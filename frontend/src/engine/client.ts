// The typed door to Go: `call` for methods, `on` for events. Only this folder
// talks to the transport.
import type { Events, Methods } from './types'
import { shaped } from './shape'
import type { Transport } from './transport'

let transport: Transport | undefined
const handlers = new Map<string, Set<(payload: never) => void>>()

/** Takes a transport into use; answers how to let go of it. */
export function connect(next: Transport, onLink: (up: boolean) => void): () => void {
  transport = next
  return next.listen((name, payload) => {
    const shape = shaped(`event:${name}`, payload)
    for (const handler of handlers.get(name) ?? []) handler(shape as never)
  }, onLink)
}

type NoArgs = { [M in keyof Methods]: Methods[M][0] extends Record<string, never> ? M : never }[keyof Methods]

export function call<M extends NoArgs>(method: M): Promise<Methods[M][1]>
export function call<M extends keyof Methods>(method: M, args: Methods[M][0]): Promise<Methods[M][1]>
export async function call(method: string, args: unknown = {}): Promise<unknown> {
  if (!transport) throw new Error('call before connect')
  const answer = await transport.call(method, args)
  return shaped(method, answer)
}

/** Listens to an event until the returned function is called. */
export function on<E extends keyof Events>(name: E, handler: (payload: Events[E]) => void): () => void {
  const set = handlers.get(name) ?? new Set()
  handlers.set(name, set)
  set.add(handler)
  return () => set.delete(handler)
}
