// What a frame of the viewed run sees, asked for anew whenever the run has moved,
// a value was changed, or another frame or moment is looked at.
import { useEffect, useState } from 'react'
import { call, describe, type ActionScope, type FlowScope, type Look, type RunView } from '../engine'

export interface Seen {
  flow?: FlowScope[]
  action?: ActionScope[]
  look?: Look
  failure?: string
  /** Changes with each answer: handles of an Action's values last that long. */
  stamp: number
}

const groups: FlowScope['name'][] = ['event', 'step', 'input', 'claims', 'session']

/** What a run saw at a moment that is over. */
function lookedAt(look: Look): Seen {
  const flow = groups.filter((name) => name in look.values).map((name) => ({ name, values: look.values[name], changeable: false }))
  return { flow, look, stamp: 0 }
}

/** What a run that runs on had seen last, until the debugger answers. */
function plain(run: RunView): Seen {
  return { flow: groups.filter((name) => name in run.values).map((name) => ({ name, values: run.values[name], changeable: false })), stamp: 0 }
}

let stamps = 0

/** `turn` asks again, for instance after a variable was changed. */
export function useSeen(run: RunView, frame: number, moment: number | null, turn: number): Seen {
  const [seen, setSeen] = useState<{ key: string; seen: Seen } | null>(null)
  const key = `${run.id}:${moment ?? 'now'}`
  useEffect(() => {
    if (run.status === 'running') return
    let current = true
    const ask = async (): Promise<Seen> => {
      if (moment !== null) return lookedAt(await call('debug.look', { run: run.id, moment }))
      return { ...(await call('debug.scopes', { run: run.id, frame })), stamp: 0 }
    }
    ask()
      .catch((failure: unknown): Seen => ({ ...plain(run), failure: moment === null && run.stack.length === 0 ? undefined : describe(failure).message }))
      .then((answer) => current && setSeen({ key, seen: { ...answer, stamp: ++stamps } }))
      .catch(() => undefined)
    return () => {
      current = false
    }
  }, [run, frame, moment, turn, key])
  return seen?.key === key ? seen.seen : plain(run)
}
