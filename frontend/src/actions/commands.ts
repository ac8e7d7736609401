// What can be done with the Action in front.
import { actionName, call, editStop, toggleStop, useRuns, viewedRun, type Draft } from '../engine'
import { useTabs } from '../document'
import type { Command } from '../commands'
import { caretLine } from './caret'
import { activeAction, tryAction } from './trying'

/** The line of the caret in the file of Actions in front, where a breakpoint can stand. */
function caret(): { file: string; line: number } | null {
  const { tabs, active } = useTabs.getState()
  const tab = tabs.find((t) => t.key === active)
  return tab?.kind === 'file' && /^actions\/.*\.m?[jt]s$/.test(tab.name) ? { file: actionName(tab.name), line: caretLine(tab.name) } : null
}

function onLine(work: (place: Draft) => void | Promise<void>): () => void | Promise<void> {
  return () => {
    const at = caret()
    if (at) return work({ kind: 'line', ...at })
  }
}

const pausedRun = () => {
  const run = viewedRun(useRuns.getState())
  return run?.status === 'paused' ? run : undefined
}

export const actionCommands: Command[] = [
  { id: 'action.breakpoint', title: 'Toggle breakpoint on this line', menu: 'Run', group: 2, keys: ['F9'], inText: true, when: () => caret() !== null, run: onLine(toggleStop) },
  { id: 'action.editBreakpoint', title: 'Edit breakpoint on this line…', menu: 'Run', group: 2, keys: ['Shift+F9'], inText: true, when: () => caret() !== null, run: onLine(editStop) },
  {
    id: 'action.runToLine',
    title: 'Run to this line',
    menu: 'Run',
    group: 1,
    keys: ['Mod+F10'],
    inText: true,
    when: () => caret() !== null && pausedRun() !== undefined,
    run: onLine(async ({ file, line }) => {
      const run = pausedRun()
      if (run) await call('debug.run_to', { run: run.id, file, line })
    }),
  },
  {
    id: 'action.try',
    title: 'Try this Action',
    menu: 'Run',
    group: 9,
    keys: ['Mod+Enter'],
    inText: true,
    when: () => activeAction() !== null,
    run: async () => {
      const path = activeAction()
      if (path) await tryAction(path)
    },
  },
]
