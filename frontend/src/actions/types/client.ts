// The line to the worker. It is started when the first Action is opened; where
// it cannot be started, the editor works without types and says so.
import type { Answered, Asked, Requests } from './protocol'

let worker: Worker | undefined
/** Why there is no worker; a second one would know nothing of the project. */
let broken: Error | undefined
let count = 0
const waiting = new Map<number, { done: (result: unknown) => void; fail: (error: Error) => void }>()

function line(): Worker {
  if (worker) return worker
  const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'types' })
  started.onmessage = ({ data }: MessageEvent<Answered>) => {
    const asked = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.error === undefined) asked?.done(data.result)
    else asked?.fail(new Error(data.error))
  }
  started.onerror = (event) => {
    broken = new Error(event.message || 'the worker could not be started')
    for (const asked of waiting.values()) asked.fail(broken)
    waiting.clear()
    started.terminate()
  }
  worker = started
  return started
}

/** Asks the language service. */
export async function ask<M extends keyof Requests>(method: M, ...args: Requests[M][0]): Promise<Requests[M][1]> {
  if (broken) throw broken
  const to = line()
  const asked: Asked = { id: ++count, method, args }
  return await new Promise<Requests[M][1]>((done, fail) => {
    waiting.set(asked.id, { done: (result) => done(result as Requests[M][1]), fail })
    to.postMessage(asked)
  })
}
