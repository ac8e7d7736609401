// Watched expressions, computed anew at each stop in the chosen frame.
import { Eye, Plus, X } from 'lucide-react'
import { useEffect, useState, type KeyboardEvent } from 'react'
import { compute, setWatch, useWatches, type Computed, type RunView } from '../engine'
import { IconButton, Tree } from '../ui'

export function Watches({ run, frame, moment, turn }: { run: RunView | undefined; frame: number; moment: number | null; turn: number }) {
  const watches = useWatches()
  const [adding, setAdding] = useState(false)
  return (
    <section aria-label="Watches">
      <h3 className="debug-title">
        <Eye size={13} aria-hidden />
        <span className="grow">Watches</span>
        <IconButton size="small" icon={Plus} label="Watch an expression" onClick={() => setAdding(true)} />
      </h3>
      {watches.length === 0 && !adding && <p className="faint debug-none">None. An expression is computed at each stop: CEL in a flow, JavaScript in an Action.</p>}
      <div className="watches">
        {watches.map((expression, index) => (
          <Watch key={`${index}:${expression}`} index={index} expression={expression} run={run} frame={frame} moment={moment} turn={turn} />
        ))}
        {adding && (
          <ExpressionInput
            label="Expression to watch"
            text=""
            onDone={(text) => {
              setAdding(false)
              setWatch(watches.length, text)
            }}
            onCancel={() => setAdding(false)}
          />
        )}
      </div>
    </section>
  )
}

function Watch({ index, expression, run, frame, moment, turn }: { index: number; expression: string; run: RunView | undefined; frame: number; moment: number | null; turn: number }) {
  const [editing, setEditing] = useState(false)
  const [result, setResult] = useState<Computed | null>(null)
  const can = run !== undefined && (moment !== null || run.status !== 'running')
  useEffect(() => {
    if (!run || !can) return
    let current = true
    void compute(run, frame, expression, moment).then((found) => current && setResult(found))
    return () => {
      current = false
    }
  }, [run, frame, expression, can, moment, turn])
  if (editing) {
    return (
      <ExpressionInput
        label={`Expression ${expression}`}
        text={expression}
        onDone={(text) => {
          setEditing(false)
          setWatch(index, text)
        }}
        onCancel={() => setEditing(false)}
      />
    )
  }
  return (
    <div className="watch">
      <button type="button" className="watch-name mono ellipsis" title="Click to edit" aria-label={`Edit watch ${expression}`} onClick={() => setEditing(true)}>
        {expression}
      </button>
      <div className="watch-value grow" aria-label={`Value of ${expression}`} role="group">
        {run && result ? <Shown result={result} name={expression} /> : <span className="faint">no run</span>}
      </div>
      <IconButton size="small" icon={X} label={`Stop watching ${expression}`} onClick={() => setWatch(index, '')} />
    </div>
  )
}

/** A value, or in words why there is none. */
export function Shown({ result, name }: { result: Computed; name: string }) {
  if (result.error !== undefined) return <span className="watch-error">{result.error}</span>
  return (
    <>
      {result.logs?.map((line, index) => (
        <p key={index} className="faint mono">
          {line}
        </p>
      ))}
      {result.text !== undefined ? (
        <span className={`tree-value ${result.type ?? ''}`}>{result.text}</span>
      ) : result.value !== null && typeof result.value === 'object' ? (
        <div role="tree" aria-label={name}>
          <Tree name={Array.isArray(result.value) ? 'list' : 'object'} path={name} value={result.value} open={0} />
        </div>
      ) : (
        <span className={`tree-value ${typeof result.value}`}>{JSON.stringify(result.value)}</span>
      )}
      {result.changed && <p className="stop-why">It may have changed something in the Action.</p>}
    </>
  )
}

function ExpressionInput({ label, text, onDone, onCancel }: { label: string; text: string; onDone: (text: string) => void; onCancel: () => void }) {
  const [typed, setTyped] = useState(text)
  const key = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Enter') onDone(typed)
    if (event.key === 'Escape') onCancel()
  }
  return <input className="input code tree-input" autoFocus aria-label={label} value={typed} placeholder="event.user.email" onChange={(event) => setTyped(event.target.value)} onKeyDown={key} onBlur={() => (typed.trim() === '' ? onCancel() : onDone(typed))} />
}
