// A moment of the run: what its step wrote, all values as they were, and what
// differs from another moment.
import { Undo2 } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { call, inOneLine, type Difference, type Past, type RunStep, type RunView } from '../engine'
import { runCommand } from '../commands'
import { Button, clockTime, Select, Tree } from '../ui'

interface MomentProps {
  run: RunView
  moment: number
  past: Past
  other: number | null
  onOther: (moment: number | null) => void
}

export function Moment({ run, moment, past, other, onOther }: MomentProps) {
  const step = past.next
  const id = useId()
  return (
    <div className="timeline-detail scroll grow">
      <div className="row timeline-line">
        <p className="dim small-text grow">
          Looking at the past: before step {past.path.length + 1}
          {step && `, ${step.block} in ${step.flow}, at ${clockTime(step.at)}`}
          {past.left && ', in a stretch that was left'}. The run itself has not moved.
        </p>
        <label htmlFor={id} className="dim small-text">
          Compare with
        </label>
        <Select id={id} value={other ?? ''} onChange={(event) => onOther(event.target.value === '' ? null : Number(event.target.value))}>
          <option value="">nothing</option>
          <option value={run.moment}>now</option>
          {moments(run)
            .filter((s) => s.moment !== moment && s.moment !== run.moment)
            .map((s) => (
              <option key={s.moment} value={s.moment}>
                before {s.block} ({s.n})
              </option>
            ))}
        </Select>
        <Button size="small" icon={Undo2} onClick={() => runCommand('run.backHere')}>
          Go back here…
        </Button>
      </div>
      {other === null || other === moment ? <Then run={run} moment={moment} step={step} /> : <Differences run={run} from={moment} to={other} />}
    </div>
  )
}

function moments(run: RunView): RunStep[] {
  return [...run.path, ...(run.left ?? []).flat()]
}

function Then({ run, moment, step }: { run: RunView; moment: number; step: RunStep | undefined }) {
  const [values, setValues] = useState<Record<string, unknown> | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => {
    let current = true
    call('debug.look', { run: run.id, moment })
      .then((look) => current && (setValues(look.values), setFailure(null)))
      .catch((problem: unknown) => current && setFailure(inOneLine(problem)))
    return () => {
      current = false
    }
  }, [run.id, moment])
  const outputs = Object.entries(step?.outputs ?? {})
  return (
    <div className="timeline-columns">
      <section aria-label="Values as they were">
        <h3 className="section-title">Values as they were</h3>
        {failure && <p className="field-error">{failure}</p>}
        <div className="tree" role="tree" aria-label="Values as they were">
          {Object.entries(values ?? {}).map(([name, value]) => (
            <Tree key={name} name={name} path={name} value={value} open={name === 'step' ? 1 : 0} />
          ))}
        </div>
      </section>
      {step && (
        <section aria-label={`What ${step.block} wrote then`}>
          <h3 className="section-title">What {step.block} wrote then</h3>
          {step.error && <p className="field-error">{step.error}</p>}
          {outputs.length === 0 && <p className="faint">It wrote no values.</p>}
          <div className="tree" role="tree" aria-label={`What ${step.block} wrote`}>
            {outputs.map(([name, value]) => (
              <Tree key={name} name={name} path={`step.${step.block}.${name}`} value={value} open={1} />
            ))}
          </div>
        </section>
      )}
    </div>
  )
}

const kinds: Record<Difference['kind'], string> = { added: 'good', removed: 'bad', changed: 'warn' }

function Differences({ run, from, to }: { run: RunView; from: number; to: number }) {
  const [found, setFound] = useState<Difference[] | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [before, after] = from < to ? [from, to] : [to, from]
  useEffect(() => {
    let current = true
    call('debug.compare', { run: run.id, moment: before, to: after })
      .then((list) => current && (setFound(list), setFailure(null)))
      .catch((problem: unknown) => current && setFailure(inOneLine(problem)))
    return () => {
      current = false
    }
  }, [run.id, before, after])
  if (failure) return <p className="field-error">{failure}</p>
  if (found?.length === 0) return <p className="dim">Every value is the same at both moments.</p>
  return (
    <table className="table differences" aria-label="What differs">
      <thead>
        <tr>
          <th>Value</th>
          <th>Earlier</th>
          <th>Later</th>
        </tr>
      </thead>
      <tbody>
        {found?.map((difference) => (
          <tr key={difference.path}>
            <td className="mono">
              <span className={`badge ${kinds[difference.kind]}`}>{difference.kind}</span> {difference.path}
            </td>
            <td className="mono">{difference.kind === 'added' ? '' : JSON.stringify(difference.before)}</td>
            <td className="mono">{difference.kind === 'removed' ? '' : JSON.stringify(difference.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
