// The run that is looked at: where it stands and why, its values, its stack, the
// breakpoints.
import { Bug, Layers, Play } from 'lucide-react'
import { isLive, setRunValue, useRuns, viewedRun, type RunView } from '../engine'
import { goToBlock } from '../document'
import { runCommand } from '../commands'
import { attempt, Button, Empty, Tree } from '../ui'
import { Breakpoints } from './Breakpoints'
import { RunPicker } from './RunPicker'
import { statusWords, whereItStands } from './status'
import './debug.css'

export function DebugPanel() {
  const run = useRuns(viewedRun)
  return (
    <div className="col grow">
      <div className="panel-bar">
        <RunPicker />
        {run && <span className={`badge ${statusWords[run.status].tone}`}>{statusWords[run.status].text}</span>}
        {run && <span className="ellipsis dim small-text">{whereItStands(run)}</span>}
      </div>
      {run ? (
        <div className="debug-columns">
          <Values run={run} />
          <div className="debug-side scroll">
            <Stack run={run} />
            <Breakpoints />
          </div>
        </div>
      ) : (
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
            Set a breakpoint on a block with F9, then run. The run stops before that block, and its values stand here, to be looked at and changed.
          </Empty>
          <div className="debug-side scroll">
            <Breakpoints />
          </div>
        </div>
      )}
    </div>
  )
}

const order = ['event', 'step', 'input', 'claims', 'session']

function Values({ run }: { run: RunView }) {
  const names = Object.keys(run.values).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
  const paused = run.status === 'paused'
  return (
    <div className="col grow debug-values">
      <h3 className="debug-title">
        Values
        {paused ? <span className="faint">Double click a value to change it</span> : isLive(run) && <span className="faint">Pause to change them</span>}
      </h3>
      {run.error && (
        <div className="debug-error" role="alert">
          <strong>{run.error.message}</strong>
          <span className="mono">
            {run.error.block}
            {run.error.line ? `, line ${run.error.line}` : ''} · {run.error.code}
          </span>
          {run.error.hint && <span>{run.error.hint}</span>}
        </div>
      )}
      <div className="tree scroll grow" role="tree" aria-label="Values of the run" key={run.id}>
        {names.map((name) => (
          <Tree
            key={name}
            name={name}
            path={name}
            value={run.values[name]}
            open={name === 'event' ? 0 : name === 'step' || name === 'claims' ? 2 : 1}
            onEdit={paused ? (path, value) => attempt(() => setRunValue(run.id, path, value)) : undefined}
            canEdit={(path) => path.includes('.') || !order.includes(path)}
          />
        ))}
      </div>
    </div>
  )
}

function rank(name: string): number {
  const at = order.indexOf(name)
  return at < 0 ? order.length : at
}

function Stack({ run }: { run: RunView }) {
  return (
    <section aria-label="Call stack">
      <h3 className="debug-title">
        <Layers size={13} aria-hidden />
        Call stack
      </h3>
      {run.stack.length === 0 ? (
        <p className="faint debug-none">{isLive(run) ? 'Between two blocks.' : 'This run has ended.'}</p>
      ) : (
        <ol className="debug-list">
          {run.stack.map((frame, index) => (
            <li key={index}>
              <button type="button" className={`debug-entry ${index === 0 ? 'top' : ''}`} onClick={() => attempt(() => goToBlock(frame.flow, frame.block))}>
                <span className="mono ellipsis grow">{frame.block}</span>
                <span className="faint ellipsis">{frame.flow}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
