// The line at the bottom: saved or not, how many problems, how the run stands.
import { Check, CircleAlert, CloudOff, Loader, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { allProblems, useProblems, useRuns, useStudio, viewedRun } from '../engine'
import { useFiles, useFlows, useTabs, type SaveState } from '../document'
import { useView } from '../canvas'
import { statusAndPlace } from '../debug'
import { GitState } from './GitState'
import { showPanel } from './layout'
import { plural } from '../ui'

const words: Record<SaveState, string> = {
  saved: 'All changes saved',
  dirty: 'Saving…',
  saving: 'Saving…',
  failed: 'Not saved',
  conflict: 'Changed on disk: choose',
}

export function StatusBar() {
  const linked = useStudio((state) => state.linked)
  const flows = useFlows((state) => state.open)
  const files = useFiles((state) => state.open)
  const problems = useProblems()
  const run = useRuns(viewedRun)
  const zoom = useView((state) => state.zoom)
  const active = useTabs((state) => state.active)
  const save = worst([...Object.values(flows), ...Object.values(files)].map((doc) => doc.save))
  const counts = useMemo(() => {
    const all = allProblems(problems)
    return { errors: all.filter((p) => p.severity === 'error').length, warnings: all.filter((p) => p.severity === 'warning').length }
  }, [problems])
  const Icon = !linked ? CloudOff : save === 'saved' ? Check : save === 'dirty' || save === 'saving' ? Loader : TriangleAlert
  return (
    <footer className="status-bar">
      <span className="row" data-testid="save-state" style={{ gap: 5 }}>
        <Icon size={12} aria-hidden />
        {linked ? words[save] : 'Not connected: edits wait in this window'}
      </span>
      <button type="button" onClick={() => showPanel('problems')} aria-label={`${plural(counts.errors, 'error')}, ${plural(counts.warnings, 'warning')}`}>
        <CircleAlert size={12} aria-hidden className={counts.errors ? 'bad' : ''} />
        <span className="num">{counts.errors}</span>
        <TriangleAlert size={12} aria-hidden className={counts.warnings ? 'warn' : ''} />
        <span className="num">{counts.warnings}</span>
      </button>
      <GitState />
      <span className="grow" />
      {run && (
        <button type="button" className="ellipsis" onClick={() => showPanel('debug')} data-testid="run-state">
          {statusAndPlace(run)}
        </button>
      )}
      {active?.startsWith('flow:') && <span className="num">{zoom} %</span>}
    </footer>
  )
}

function worst(states: SaveState[]): SaveState {
  const order: SaveState[] = ['conflict', 'failed', 'saving', 'dirty', 'saved']
  return order.find((state) => states.includes(state)) ?? 'saved'
}
