// Names that can stand at the end of an expression, in a frame of a paused run.
// Nothing of the script runs for it.
import { call } from './client'
import type { RunView, Variable } from './debugging'
import { actionFrames } from './moments'

const typed = /[\p{L}_$][\p{L}\d_$]*(?:\.[\p{L}\d_$]*)*$/u
const MOST = 200

export interface Offers {
  /** How much of the end of the text an offer replaces. */
  replaces: number
  names: string[]
}

export async function complete(run: RunView, frame: number, text: string): Promise<Offers> {
  const path = typed.exec(text)?.[0] ?? ''
  const last = path.slice(path.lastIndexOf('.') + 1)
  const names = frame < actionFrames(run) ? await namesInAction(run, frame, path.split('.')) : await call('debug.complete', { run: run.id, frame, expression: path })
  return { replaces: last.length, names: names.slice(0, 30) }
}

async function namesInAction(run: RunView, frame: number, path: string[]): Promise<string[]> {
  const { action = [] } = await call('debug.scopes', { run: run.id, frame })
  const pages = await Promise.all(action.map((scope) => inside(run, scope.ref)))
  let here = pages.flat()
  for (const name of path.slice(0, -1)) {
    const found = here.find((variable) => variable.name === name)
    here = found?.ref ? await inside(run, found.ref) : []
  }
  const start = path.at(-1) ?? ''
  return [...new Set(here.map((variable) => variable.name))].filter((name) => name.startsWith(start) && /^[\p{L}_$][\p{L}\d_$]*$/u.test(name)).sort()
}

async function inside(run: RunView, ref: number): Promise<Variable[]> {
  return (await call('debug.variable', { run: run.id, ref, start: 0, count: MOST })).variables
}
