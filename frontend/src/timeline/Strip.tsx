// The strip of steps. Stretches that the run was taken back from stand folded
// where they began.
import { ChevronRight, CircleAlert, LogOut, Pencil, Undo2 } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { useLookup, useStudio, type RunStep, type RunView } from '../engine'
import { flowOf, portsOf } from '../document'
import { iconNamed, milliseconds, plural } from '../ui'

interface StripProps {
  run: RunView
  moment: number | null
  /** The moment that is compared with. */
  other: number | null
  onLook: (step: RunStep) => void
  onCompare: (step: RunStep) => void
}

type Cell = { step: RunStep; left: boolean } | { fold: number; steps: RunStep[] }

/** The cells in order: left stretches before the step that took their place. */
function cells(run: RunView, unfolded: ReadonlySet<number>): Cell[] {
  const all: Cell[] = []
  const last = run.path.length + 1
  const place = (n: number) => {
    for (const [index, steps] of (run.left ?? []).entries()) {
      if (Math.min(steps[0]?.n ?? 0, last) !== n) continue
      all.push({ fold: index, steps })
      if (unfolded.has(index)) all.push(...steps.map((step) => ({ step, left: true })))
    }
  }
  for (const step of run.path) {
    place(step.n)
    all.push({ step, left: false })
  }
  place(last)
  return all
}

export function Strip({ run, moment, other, onLook, onCompare }: StripProps) {
  const strip = useRef<HTMLOListElement>(null)
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set())
  useEffect(() => {
    if (moment === null) strip.current?.scrollTo({ left: strip.current.scrollWidth })
    else strip.current?.querySelector('[aria-pressed="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [run.path.length, moment])
  const toggle = (fold: number) => {
    const next = new Set(unfolded)
    if (!next.delete(fold)) next.add(fold)
    setUnfolded(next)
  }
  const key = (event: KeyboardEvent<HTMLOListElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0 || !(event.target instanceof HTMLElement)) return
    const all = [...event.currentTarget.querySelectorAll('button')]
    const next = all[all.indexOf(event.target.closest('button')!) + by]
    if (!next) return
    event.preventDefault()
    next.focus()
    if (!event.shiftKey && next.classList.contains('step')) next.click()
  }
  return (
    <ol className="strip" ref={strip} aria-label="Steps of the run" onKeyDown={key}>
      {cells(run, unfolded).map((cell) =>
        'step' in cell ? (
          <li key={`${cell.left ? 'left' : 'step'}:${cell.step.moment}:${cell.step.n}`}>
            <Step {...cell} chosen={moment === cell.step.moment} compared={other === cell.step.moment} onClick={(event) => (event.shiftKey ? onCompare(cell.step) : onLook(cell.step))} />
          </li>
        ) : (
          <li key={`fold:${cell.fold}`}>
            <button type="button" className="strip-fold" aria-expanded={unfolded.has(cell.fold)} onClick={() => toggle(cell.fold)}>
              <Undo2 size={13} aria-hidden />
              <span>{plural(cell.steps.length, 'step')} left</span>
              <ChevronRight size={12} aria-hidden />
            </button>
          </li>
        ),
      )}
    </ol>
  )
}

interface StepProps {
  step: RunStep
  left: boolean
  chosen: boolean
  compared: boolean
  onClick: (event: MouseEvent) => void
}

function Step({ step, left, chosen, compared, onClick }: StepProps) {
  const families = useStudio((state) => state.catalogue?.families)
  const lookup = useLookup()
  const block = flowOf(step.flow)?.doc.flow.blocks[step.block]
  const descriptor = lookup(step.type, block?.config)
  const Icon = iconNamed(descriptor?.icon ?? '')
  const family = families?.findIndex((f) => f.id === descriptor?.family) ?? 5
  const port = block ? portsOf(block, descriptor).find((p) => p.id === step.port) : descriptor?.ports.find((p) => p.id === step.port)
  return (
    <button type="button" className={`step ${chosen ? 'chosen' : ''} ${compared ? 'compared' : ''} ${left ? 'left' : ''} ${step.error ? 'failed' : ''}`} aria-pressed={chosen} onClick={onClick}>
      <span className="step-head">
        <span className={`card-icon fam-${family < 0 ? 5 : family}`}>
          <Icon size={13} aria-hidden />
        </span>
        <span className="mono ellipsis grow">{step.block}</span>
        {step.changed && <Pencil size={11} role="img" aria-label="A value was changed here" />}
        {step.forced && <LogOut size={11} role="img" aria-label="Its outcome was chosen by a person" />}
        {step.error && <CircleAlert size={12} role="img" aria-label="Failed" />}
      </span>
      <span className="step-foot">
        <span className={`port-word ${port?.tone ?? (step.error ? 'bad' : '')} ellipsis`}>{port?.title ?? (step.port || (step.type === 'run_flow' ? 'into its flow' : 'end'))}</span>
        <span className="faint num">{step.forced ? 'forced' : left ? 'left' : milliseconds(step.ms)}</span>
      </span>
    </button>
  )
}
