// Which run one looks at: a menu of all, and beside it those that go on at this
// moment. Choosing one disturbs no other.
import { ChevronDown, History } from 'lucide-react'
import { isLive, useRuns, useStudio, viewedRun, viewRun, type RunView } from '../engine'
import { Button, clockTime, Menu, type MenuEntry } from '../ui'
import { statusAndPlace, statusWords } from './status'

function useFlowName(): (run: RunView) => string {
  const flows = useStudio((state) => state.project?.flows)
  return (run) => flows?.find((flow) => flow.slug === run.flow)?.name ?? run.flow
}

export function RunPicker() {
  const runs = useRuns((state) => state.runs)
  const run = useRuns(viewedRun)
  const name = useFlowName()
  const entries: MenuEntry[] = [
    { kind: 'item', label: 'No run: the plain drawing', run: () => viewRun(null) },
    ...(runs.length > 0 ? [{ kind: 'line' } as const] : []),
    ...runs.slice(0, 30).map((r): MenuEntry => ({ kind: 'item', label: `${clockTime(r.started_at)}  ${r.replay ? 'Replay of ' : ''}${name(r)}: ${statusWords[r.status].text.toLowerCase()}`, run: () => viewRun(r.id) })),
  ]
  return (
    <Menu
      entries={entries}
      trigger={
        <Button size="small" look="ghost" icon={History} aria-label="Choose a run">
          {run ? `${name(run)}, ${clockTime(run.started_at)}` : runs.length > 0 ? 'Choose a run' : 'No runs yet'}
          <ChevronDown size={12} aria-hidden />
        </Button>
      }
    />
  )
}

/** Runs side by side, one button each; shown when there are several. */
export function LiveRuns() {
  const runs = useRuns((state) => state.runs)
  const viewed = useRuns((state) => state.viewed)
  const name = useFlowName()
  const live = runs.filter((run) => isLive(run) || run.id === viewed)
  if (live.length < 2) return null
  return (
    <div className="live-runs" role="group" aria-label="Runs side by side">
      {live.slice(0, 8).map((run) => (
        <button key={run.id} type="button" className="live-run" aria-pressed={run.id === viewed} title={statusAndPlace(run)} onClick={() => viewRun(run.id)}>
          <span className={`run-dot ${statusWords[run.status].tone}`} aria-hidden />
          <span className="ellipsis">
            {name(run)} {clockTime(run.started_at)}
          </span>
          <span className="faint ellipsis">{run.status === 'paused' ? (run.stack[0]?.block ?? 'paused') : statusWords[run.status].text.toLowerCase()}</span>
        </button>
      ))}
    </div>
  )
}
