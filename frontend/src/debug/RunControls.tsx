// Run, pause, step, continue, stop: the row over the canvas.
import { ArrowDownToDot, ArrowUpFromDot, Pause, Play, RedoDot, Square, Undo2, UndoDot } from 'lucide-react'
import { isLive, useRuns, viewedRun, type RunView } from '../engine'
import { runCommand } from '../commands'
import { Button, IconButton, Tip } from '../ui'
import { statusAndPlace, statusWords } from './status'

export function RunControls({ canRun }: { canRun: boolean }) {
  const run = useRuns(viewedRun)
  const live = run !== undefined && isLive(run)
  const paused = run?.status === 'paused'
  return (
    <div className="run-controls" role="toolbar" aria-label="Run">
      {run && <RunStatusBadge run={run} />}
      {paused ? (
        <Tip text="Continue to the next breakpoint" command="run.continue">
          <Button look="primary" icon={Play} onClick={() => runCommand('run.continue')}>
            Continue
          </Button>
        </Tip>
      ) : (
        <Tip text="Begin a sign-in in the browser panel" command="run.start">
          <Button look="primary" icon={Play} disabled={!canRun && run === undefined} onClick={() => runCommand('run.start')}>
            Run
          </Button>
        </Tip>
      )}
      <IconButton icon={Pause} label="Pause before the next block" command="run.pause" disabled={!live || paused} onClick={() => runCommand('run.pause')} />
      <IconButton icon={RedoDot} label="Step over" command="run.stepOver" disabled={!paused} onClick={() => runCommand('run.stepOver')} />
      <IconButton icon={ArrowDownToDot} label="Step into" command="run.stepInto" disabled={!paused} onClick={() => runCommand('run.stepInto')} />
      <IconButton icon={ArrowUpFromDot} label="Step out" command="run.stepOut" disabled={!paused} onClick={() => runCommand('run.stepOut')} />
      <IconButton icon={UndoDot} label="Step back" command="run.stepBack" disabled={!run || run.status === 'running' || run.path.length === 0} onClick={() => runCommand('run.stepBack')} />
      <IconButton icon={Square} label="Stop" command="run.stop" disabled={!live} onClick={() => runCommand('run.stop')} />
      {run && !live && <IconButton icon={Undo2} label="Back to the plain drawing" onClick={() => runCommand('run.leave')} />}
    </div>
  )
}

function RunStatusBadge({ run }: { run: RunView }) {
  const { text, tone } = statusWords[run.status]
  return (
    <Tip text={statusAndPlace(run)}>
      <span className={`badge ${tone}`} tabIndex={0}>
        {run.replay && 'Replay: '}
        {run.status === 'paused' && run.stack[0] ? shortPlace(run) : text}
      </span>
    </Tip>
  )
}

function shortPlace(run: RunView): string {
  const top = run.stack[0]!
  return top.file ? `Paused at ${top.file}:${top.line}` : `Paused before ${top.block}`
}
