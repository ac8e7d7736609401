// Every step of the run as a strip; a click looks at that moment.
import { CircleAlert, History, Pencil } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useLookup, useRuns, useStudio, viewedRun, viewStep, type RunStep, type RunView } from '../engine'
import { flowOf, goToBlock, portsOf } from '../document'
import { attempt, Button, clockTime, Empty, iconNamed, milliseconds, Tree } from '../ui'
import './timeline.css'

export function TimelinePanel() {
  const run = useRuns(viewedRun)
  const at = useRuns((state) => state.step)
  if (!run || run.path.length === 0) {
    return (
      <Empty icon={History} title="No steps yet">
        Run a flow: each block it goes through stands here in order, with its outcome, its time and what it wrote.
      </Empty>
    )
  }
  const chosen = at === null ? undefined : run.path.find((step) => step.n === at)
  return (
    <div className="col grow">
      <div className="panel-bar">
        <span className="dim small-text">
          {run.path.length} steps in {milliseconds(run.path.reduce((sum, step) => sum + step.ms, 0))}
        </span>
        {at !== null && (
          <Button size="small" look="ghost" onClick={() => viewStep(null)}>
            Back to now
          </Button>
        )}
      </div>
      <Strip run={run} at={at} />
      {chosen ? <Outputs step={chosen} /> : <p className="timeline-hint faint">Choose a step to see what it wrote. The canvas shows the path up to it.</p>}
    </div>
  )
}

function Strip({ run, at }: { run: RunView; at: number | null }) {
  const strip = useRef<HTMLOListElement>(null)
  useEffect(() => {
    if (at === null) strip.current?.scrollTo({ left: strip.current.scrollWidth })
  }, [run.path.length, at])
  const look = (step: RunStep) => {
    viewStep(step.n)
    attempt(async () => {
      await goToBlock(step.flow, step.block)
    })
  }
  const key = (event: KeyboardEvent, index: number) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = run.path[index + by]
    if (by === 0 || !next) return
    event.preventDefault()
    look(next)
    strip.current?.querySelectorAll<HTMLElement>('button')[index + by]?.focus()
  }
  return (
    <ol className="strip" ref={strip} aria-label="Steps of the run">
      {run.path.map((step, index) => (
        <li key={step.n}>
          <Step step={step} chosen={at === step.n} onClick={() => look(step)} onKeyDown={(event) => key(event, index)} />
        </li>
      ))}
    </ol>
  )
}

function Step({ step, chosen, onClick, onKeyDown }: { step: RunStep; chosen: boolean; onClick: () => void; onKeyDown: (event: KeyboardEvent) => void }) {
  const families = useStudio((state) => state.catalogue?.families)
  const lookup = useLookup()
  const block = flowOf(step.flow)?.doc.flow.blocks[step.block]
  const descriptor = lookup(step.type, block?.config)
  const Icon = iconNamed(descriptor?.icon ?? '')
  const family = families?.findIndex((f) => f.id === descriptor?.family) ?? 5
  const port = block ? portsOf(block, descriptor).find((p) => p.id === step.port) : descriptor?.ports.find((p) => p.id === step.port)
  return (
    <button type="button" className={`step ${chosen ? 'chosen' : ''} ${step.error ? 'failed' : ''}`} aria-pressed={chosen} onClick={onClick} onKeyDown={onKeyDown}>
      <span className="step-head">
        <span className={`card-icon fam-${family < 0 ? 5 : family}`}>
          <Icon size={13} aria-hidden />
        </span>
        <span className="mono ellipsis grow">{step.block}</span>
        {step.changed && <Pencil size={11} aria-label="A value was changed here" />}
        {step.error && <CircleAlert size={12} aria-label="Failed" />}
      </span>
      <span className="step-foot">
        <span className={`port-word ${port?.tone ?? (step.error ? 'bad' : '')} ellipsis`}>{port?.title ?? (step.port || 'end')}</span>
        <span className="faint num">{milliseconds(step.ms)}</span>
      </span>
    </button>
  )
}

function Outputs({ step }: { step: RunStep }) {
  const outputs = Object.entries(step.outputs ?? {})
  return (
    <div className="timeline-detail scroll grow">
      <p className="dim small-text">
        Step {step.n}, {step.block} in {step.flow}, at {clockTime(step.at)}
      </p>
      {step.error && <p className="field-error">{step.error}</p>}
      <div className="tree" role="tree" aria-label={`What ${step.block} wrote`}>
        {outputs.length === 0 && <p className="faint">It wrote no values.</p>}
        {outputs.map(([name, value]) => (
          <Tree key={name} name={name} path={`step.${step.block}.${name}`} value={value} open={1} />
        ))}
      </div>
    </div>
  )
}
