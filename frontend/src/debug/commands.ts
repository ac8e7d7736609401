// What can be done with a run.
import { call, isLive, startRun, useRuns, viewedRun, viewRun, type RunView } from '../engine'
import { activeFlow, flowOf, saveAll, saveAllFiles } from '../document'
import type { Command } from '../commands'
import { ask } from '../ui'

const run = (): RunView | undefined => viewedRun(useRuns.getState())
const live = () => {
  const r = run()
  return r !== undefined && isLive(r)
}
const paused = () => run()?.status === 'paused'

async function start(slug: string): Promise<void> {
  await saveAll()
  await saveAllFiles()
  await startRun(slug)
}

/** Begins a run of the flow in front; what is unsaved is written first. */
export async function runFront(): Promise<void> {
  const slug = activeFlow()
  if (slug === null) return
  if (flowOf(slug)?.save === 'conflict') {
    ask({
      title: 'This flow also changed on disk',
      text: 'A run uses what is on disk. Decide at the top of the canvas which of the two to keep, or run what is on disk as it is.',
      yes: 'Run what is on disk',
      run: () => void startRun(slug),
    })
    return
  }
  const before = run()
  if (before && isLive(before)) await call('debug.stop', { run: before.id }).catch(() => undefined)
  await start(slug)
}

function onRun(work: (id: string) => Promise<unknown>): () => Promise<void> {
  return async () => {
    const r = run()
    if (r) await work(r.id)
  }
}

export const debugCommands: Command[] = [
  { id: 'run.continue', title: 'Continue', menu: 'Run', group: 1, keys: ['F5'], inText: true, when: paused, run: onRun((id) => call('debug.continue', { run: id })) },
  { id: 'run.start', title: 'Run this flow', menu: 'Run', keys: ['F5'], inText: true, when: () => activeFlow() !== null && !paused(), run: runFront },
  { id: 'run.restart', title: 'Run again from the start', menu: 'Run', keys: ['Mod+Shift+F5'], inText: true, when: () => activeFlow() !== null && run() !== undefined, run: runFront },
  { id: 'run.stepOver', title: 'Step over', menu: 'Run', group: 1, keys: ['F10'], inText: true, when: paused, run: onRun((id) => call('debug.step_over', { run: id })) },
  { id: 'run.pause', title: 'Pause before the next block', menu: 'Run', group: 1, keys: ['F6'], inText: true, when: () => live() && !paused(), run: onRun((id) => call('debug.pause', { run: id })) },
  { id: 'run.stop', title: 'Stop', menu: 'Run', group: 1, keys: ['Shift+F5'], inText: true, when: live, run: onRun((id) => call('debug.stop', { run: id })) },
  { id: 'run.leave', title: 'Back to the plain drawing', menu: 'Run', group: 3, when: () => run() !== undefined, run: () => viewRun(null) },
]
