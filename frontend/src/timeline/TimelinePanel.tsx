// The history of the run: a strip of all steps to click and to scrub through, and
// what the run was like at the moment that is looked at.
import { CircleDot, History, Play } from 'lucide-react'
import { useState } from 'react'
import { pathTo, useRuns, viewedRun, viewMoment, type RunStep, type RunView } from '../engine'
import { CommandButton, RunSignIn } from '../commands'
import { goToBlock } from '../document'
import { attempt, Button, Empty, milliseconds } from '../ui'
import { Moment } from './Moment'
import { Strip } from './Strip'
import './timeline.css'

export function TimelinePanel() {
  const run = useRuns(viewedRun)
  if (!run || (run.path.length === 0 && !run.left?.length)) {
    return (
      <Empty icon={History} title="No steps yet" actions={<RunSignIn icon={Play} />}>
        Run a flow: each block it goes through stands here in order, with its outcome, its time and what it wrote.
      </Empty>
    )
  }
  return <Timeline key={run.id} run={run} />
}

/** Looks at the moment before a step, and brings its block into sight. */
function look(step: RunStep): void {
  viewMoment(step.moment)
  attempt(() => goToBlock(step.flow, step.block))
}

function Timeline({ run }: { run: RunView }) {
  const moment = useRuns((state) => state.moment)
  const [other, setOther] = useState<number | null>(null)
  const past = moment === null ? null : pathTo(run, moment)
  const at = past && !past.left ? past.path.length : run.path.length
  const scrub = (index: number) => {
    const step = run.path[index]
    if (step) look(step)
    else viewMoment(null)
  }
  return (
    <div className="col grow">
      <div className="panel-bar">
        <span className="dim small-text">
          {run.path.length} {run.path.length === 1 ? 'step' : 'steps'} in {milliseconds(run.path.reduce((sum, step) => sum + step.ms, 0))}
          {run.replay && ', replayed'}
        </span>
        <input
          type="range"
          className="scrub grow"
          min={0}
          max={run.path.length}
          value={at}
          aria-label="Moment of the run"
          aria-valuetext={past?.next ? `before ${past.next.block}` : 'now'}
          onChange={(event) => scrub(Number(event.target.value))}
        />
        {!run.replay && <CommandButton command="run.saveTest" size="small" icon={CircleDot}>Save as test…</CommandButton>}
        {moment !== null && (
          <Button size="small" look="ghost" onClick={() => viewMoment(null)}>
            Back to now
          </Button>
        )}
      </div>
      <Strip run={run} moment={moment} other={other} onLook={look} onCompare={(step) => setOther(step.moment === other ? null : step.moment)} />
      {past ? (
        <Moment run={run} moment={moment!} past={past} other={other} onOther={setOther} />
      ) : (
        <p className="timeline-hint faint">Choose a step to look at the moment before it: its values, and the path up to it on the canvas. Shift and a click choose a second one to compare with.</p>
      )}
    </div>
  )
}
