// What can be done with a run.
import { call, isLive, startRun, useRuns, viewedRun, viewMoment, viewRun, type RunView } from '../engine'
import { activeFlow, flowOf, saveAll, saveAllFiles } from '../document'
import type { Command } from '../commands'
import { ask } from '../ui'
import { selectedBlock } from './selected'
import { openDebugSheet } from './sheets'

const run = (): RunView | undefined => viewedRun(useRuns.getState())
const live = () => {
  const r = run()
  return r !== undefined && isLive(r)
}
const paused = () => run()?.status === 'paused'
const ended = () => run() !== undefined && !live()
/** Something can be tried out: a replay shows what was. */
const own = () => paused() && !run()?.replay
/** Before a block, not in its Action. */
const beforeBlock = () => own() && run()?.stack[0]?.file === undefined && run()?.stack.length !== 0
const hasPast = () => (run()?.path.length ?? 0) > 0 && run()?.status !== 'running'

async function start(slug: string, to?: string): Promise<void> {
  await saveAll()
  await saveAllFiles()
  await startRun(slug, to)
}

/** The flow in front; over an Action or a page the one that ran last. */
function flowToRun(): string | null {
  return activeFlow() ?? run()?.flow ?? null
}

/** Begins a run of the flow in front; what is unsaved is written first. */
export async function runFront(to?: string): Promise<void> {
  const slug = flowToRun()
  if (slug === null) return
  if (flowOf(slug)?.save === 'conflict') {
    ask({
      title: 'This flow also changed on disk',
      text: 'A run uses what is on disk. Decide at the top of the canvas which of the two to keep, or run what is on disk as it is.',
      yes: 'Run what is on disk',
      run: () => void startRun(slug, to),
    })
    return
  }
  const before = run()
  if (before && isLive(before)) await call('debug.stop', { run: before.id }).catch(() => undefined)
  await start(slug, to)
}

/** On to the selected block; where nothing runs, a run begins that stops there. */
async function runToSelected(): Promise<void> {
  const at = selectedBlock()
  const r = run()
  if (!at) return
  if (r?.status !== 'paused') return runFront(at.block)
  viewMoment(null)
  await call('debug.run_to', { run: r.id, ...at })
}

/** Tells Go something about the run; who looked at the past comes back to now. */
function onRun(work: (id: string) => Promise<unknown>): () => Promise<void> {
  return async () => {
    const r = run()
    if (!r) return
    viewMoment(null)
    await work(r.id)
  }
}

function onSelected(work: (run: string, flow: string, block: string) => Promise<unknown>): () => Promise<void> {
  return onRun(async (id) => {
    const at = selectedBlock()
    if (at) await work(id, at.flow, at.block)
  })
}

const menu = { menu: 'Run' as const, inText: true }

const moves: Command[] = [
  { id: 'run.continue', title: 'Continue', ...menu, group: 1, keys: ['F5'], when: paused, run: onRun((id) => call('debug.continue', { run: id })) },
  { id: 'run.stepOver', title: 'Step over', ...menu, group: 1, keys: ['F10'], when: paused, run: onRun((id) => call('debug.step_over', { run: id })) },
  { id: 'run.stepInto', title: 'Step into', ...menu, group: 1, keys: ['F11'], when: paused, run: onRun((id) => call('debug.step_into', { run: id })) },
  { id: 'run.stepOut', title: 'Step out', ...menu, group: 1, keys: ['Shift+F11'], when: paused, run: onRun((id) => call('debug.step_out', { run: id })) },
  { id: 'run.stepBack', title: 'Step back', ...menu, group: 1, keys: ['Alt+F10'], when: hasPast, run: onRun((id) => call('debug.step_back', { run: id })) },
  { id: 'run.reverse', title: 'Back to the breakpoint before', ...menu, group: 1, keys: ['Alt+F5'], when: hasPast, run: onRun((id) => call('debug.reverse_continue', { run: id })) },
  { id: 'run.restartBlock', title: 'Restart this block', ...menu, group: 1, keys: ['Alt+F11'], when: () => paused() || run()?.status === 'waiting', run: onRun((id) => call('debug.restart', { run: id })) },
  {
    id: 'run.toHere',
    title: 'Run to the selected block',
    ...menu,
    group: 1,
    keys: ['Mod+F10'],
    when: () => selectedBlock() !== null,
    run: runToSelected,
  },
  { id: 'run.pause', title: 'Pause before the next block', ...menu, group: 1, keys: ['F6'], when: () => live() && !paused(), run: onRun((id) => call('debug.pause', { run: id })) },
  { id: 'run.stop', title: 'Stop', ...menu, group: 1, keys: ['Shift+F5'], when: live, run: onRun((id) => call('debug.stop', { run: id })) },
]

const whatIf: Command[] = [
  { id: 'run.force', title: 'Leave the block by an outcome…', ...menu, group: 3, when: beforeBlock, run: () => openDebugSheet('force') },
  {
    id: 'run.jump',
    title: 'Jump to the selected block',
    ...menu,
    group: 3,
    when: () => beforeBlock() && selectedBlock()?.flow === run()?.stack[0]?.flow && selectedBlock()?.block !== run()?.stack[0]?.block,
    run: onSelected((id, _flow, block) => call('debug.jump', { run: id, block })),
  },
  { id: 'run.pin', title: 'Pin the outcome of the selected block…', ...menu, inText: false, group: 3, when: () => selectedBlock() !== null, run: () => openDebugSheet('pin') },
  { id: 'run.backHere', title: 'Go back to the moment looked at…', inText: true, when: () => useRuns.getState().moment !== null, run: () => openDebugSheet('back') },
  { id: 'run.backToNow', title: 'Look at now', inText: true, when: () => useRuns.getState().moment !== null, run: () => viewMoment(null) },
  { id: 'run.edited', title: 'Go on with the edited flow…', ...menu, group: 3, when: () => own() || (ended() && !run()?.replay && useRuns.getState().moment !== null), run: () => openDebugSheet('edited') },
]

export const debugCommands: Command[] = [
  { id: 'run.start', title: 'Run this flow', ...menu, keys: ['F5'], when: () => flowToRun() !== null && !paused(), run: () => runFront() },
  { id: 'run.restart', title: 'Run again from the start', ...menu, keys: ['Mod+Shift+F5'], when: () => flowToRun() !== null && run() !== undefined, run: () => runFront() },
  ...moves,
  ...whatIf,
  { id: 'run.saveTest', title: 'Save as test…', ...menu, group: 4, when: () => run() !== undefined && !run()?.replay, run: () => openDebugSheet('test') },
  { id: 'run.record', title: 'Keep as recording…', ...menu, group: 4, when: () => run() !== undefined && !run()?.replay, run: () => openDebugSheet('record') },
  { id: 'run.replay', title: 'Replay a recording…', ...menu, group: 4, run: () => openDebugSheet('replay') },
  { id: 'run.leave', title: 'Back to the plain drawing', ...menu, inText: false, group: 4, when: () => run() !== undefined, run: () => viewRun(null) },
]
