// The run that is looked at: where it stands and why, its values, its stack, what
// is watched, the breakpoints.
import { Bug, EllipsisVertical, FilePen, History, LogOut, Play, RotateCcw, SkipBack } from 'lucide-react'
import { useState } from 'react'
import { pathTo, useRuns, viewedRun, viewMoment, type RunView } from '../engine'
import { allCommands, isEnabled, runCommand, titleOfCommand } from '../commands'
import { CommandKey, Button, Empty, IconButton, Menu, type MenuEntry } from '../ui'
import { Breakpoints } from './Breakpoints'
import { Console } from './Console'
import { LiveRuns, RunPicker } from './RunPicker'
import { useSeen } from './scopes'
import { Pins } from './Pins'
import { Stack } from './Stack'
import { statusWords, whereItStands } from './status'
import { Values } from './Values'
import { Watches } from './Watches'
import './debug.css'

export function DebugPanel() {
  const run = useRuns(viewedRun)
  return (
    <div className="col grow">
      <div className="panel-bar">
        <RunPicker />
        {run?.replay && <span className="badge info">Replay</span>}
        {run && <span className={`badge ${statusWords[run.status].tone}`}>{statusWords[run.status].text}</span>}
        {run && <span className="ellipsis dim small-text grow">{whereItStands(run)}</span>}
        {!run && <span className="grow" />}
        <LiveRuns />
        {run && <MoreControls run={run} />}
        <MoreMenu />
      </div>
      {run?.replay && (
        <p className="debug-banner info" role="note">
          This is a replay of a recording. Nothing is performed, and nothing can be changed; breakpoints stop it, and it goes back and forth.
        </p>
      )}
      {run ? <Looked run={run} /> : <Nothing />}
    </div>
  )
}

function Nothing() {
  return (
    <div className="debug-columns">
      <Empty
        icon={Bug}
        title="Nothing runs"
        actions={
          <Button icon={Play} look="primary" onClick={() => runCommand('run.start')}>
            Run this flow
          </Button>
        }
      >
        Set a breakpoint on a block with <CommandKey command="run.breakpoint" />, then run. The run stops before that block, and its values stand here, to be looked at and changed.
      </Empty>
      <div className="debug-side scroll">
        <Watches run={undefined} frame={0} moment={null} turn={0} />
      </div>
      <div className="debug-side scroll">
        <Breakpoints />
        <Pins />
      </div>
    </div>
  )
}

function Looked({ run }: { run: RunView }) {
  const frame = useRuns((state) => Math.min(state.frame, Math.max(0, run.stack.length - 1)))
  const moment = useRuns((state) => state.moment)
  const [turn, setTurn] = useState(0)
  const seen = useSeen(run, frame, moment, turn)
  const again = () => setTurn((n) => n + 1)
  const past = moment !== null
  return (
    <>
      {past && <PastBanner run={run} moment={moment} />}
      <div className="debug-columns">
        <Values run={run} frame={frame} past={past} seen={seen} onChanged={again} />
        <div className="debug-side col">
          <div className="scroll debug-watches">
            <Watches run={run} frame={frame} moment={moment} turn={turn} />
          </div>
          <Console run={run} frame={frame} past={past} onComputed={again} />
        </div>
        <div className="debug-side scroll">
          <Stack run={run} stack={past ? (seen.look?.stack ?? []) : run.stack} past={past} />
          <Breakpoints />
          <Pins />
        </div>
      </div>
    </>
  )
}

function PastBanner({ run, moment }: { run: RunView; moment: number }) {
  const { path, next, left } = pathTo(run, moment)
  return (
    <div className="debug-banner" role="status">
      <History size={14} aria-hidden />
      <span className="grow">
        Looking at the past: {next ? `before ${next.block}` : 'this moment'}, after {path.length} {path.length === 1 ? 'step' : 'steps'}
        {left && ', in a stretch that was left'}. The run itself has not moved.
      </span>
      <Button size="small" onClick={() => runCommand('run.backHere')}>
        Go back here…
      </Button>
      <Button size="small" look="primary" onClick={() => viewMoment(null)}>
        Back to now
      </Button>
    </div>
  )
}

function MoreControls({ run }: { run: RunView }) {
  const paused = run.status === 'paused'
  const back = run.path.length > 0 && run.status !== 'running'
  const before = paused && !run.replay && run.stack[0]?.file === undefined
  return (
    <div className="row" role="toolbar" aria-label="More of the debugger" style={{ gap: 0 }}>
      <IconButton size="small" icon={SkipBack} label="Back to the breakpoint before" command="run.reverse" disabled={!back} onClick={() => runCommand('run.reverse')} />
      <IconButton size="small" icon={RotateCcw} label="Restart this block" command="run.restartBlock" disabled={!paused} onClick={() => runCommand('run.restartBlock')} />
      <IconButton size="small" icon={LogOut} label="Leave the block by an outcome…" disabled={!before} onClick={() => runCommand('run.force')} />
      <IconButton size="small" icon={FilePen} label="Go on with the edited flow…" disabled={!paused || run.replay} onClick={() => runCommand('run.edited')} />
    </div>
  )
}

const more = ['run.toHere', 'run.jump', 'run.force', 'run.edited', 'run.saveTest', 'run.record', 'run.replay']

function MoreMenu() {
  const [entries, setEntries] = useState<MenuEntry[]>([])
  const fill = () =>
    setEntries(
      allCommands()
        .filter((command) => more.includes(command.id))
        .map((command): MenuEntry => ({ kind: 'item', label: titleOfCommand(command), command: command.id, disabled: !isEnabled(command), run: () => runCommand(command.id) })),
    )
  return (
    <span onPointerDownCapture={fill} onKeyDownCapture={fill}>
      <Menu align="end" entries={entries} trigger={<Button size="small" look="ghost" className="icon" icon={EllipsisVertical} aria-label="More of the debugger" />} />
    </span>
  )
}
