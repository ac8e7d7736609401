// The panel beside the editor: what the Action is tried on, and what came of it.
import { ChevronDown, ChevronRight, Play, RotateCcw } from 'lucide-react'
import { useEffect, useId, useState, type ReactNode } from 'react'
import { describe, useRuns, useStudio } from '../engine'
import { runCommand } from '../commands'
import { attempt, Button, CommandKey, Empty, IconButton, Select } from '../ui'
import { ConfigForm } from './ConfigForm'
import { parseObject } from './json'
import { TryResult } from './TryResult'
import { chooseEvent, loadEvents, patchTrial, trialOf, useTrials } from './trying'

export function TryPanel({ path }: { path: string }) {
  const trial = useTrials((state) => trialOf(state, path))
  const action = useStudio((state) => state.project?.actions.find((a) => a.path === path))
  const runs = useRuns((state) => state.runs)
  useEffect(() => attempt(() => loadEvents(path)), [path, runs])
  const event = parseObject(trial.event)
  const step = parseObject(trial.step)
  const fields = action?.fields ?? []
  return (
    <aside className="try-panel col" aria-label="Try it">
      <div className="panel-bar">
        <h2 className="try-title grow">Try it</h2>
        <CommandKey command="action.try" />
        <Button size="small" look="primary" icon={Play} disabled={trial.busy || !event.ok || !step.ok} onClick={() => runCommand('action.try')}>
          {trial.busy ? 'Running…' : 'Run'}
        </Button>
      </div>
      <div className="scroll try-inputs">
        <div className="try-part">
          <EventChoice path={path} />
          <Fold title="Event as JSON" mark={event.ok ? undefined : 'not valid'} bad={!event.ok}>
            <JsonArea label="Event" text={trial.event} rows={14} problem={event.ok ? null : event.problem} onChange={(text) => patchTrial(path, { event: text, edited: true })} />
          </Fold>
          <Fold title="Outputs of the blocks before" mark={step.ok ? countOf(step.value) : 'not valid'} bad={!step.ok}>
            <JsonArea label="Step outputs" text={trial.step} rows={6} problem={step.ok ? null : step.problem} onChange={(text) => patchTrial(path, { step: text, edited: true })} />
            <small className="faint">What step holds: {'{ "block": { "output": value } }'}</small>
          </Fold>
        </div>
        {fields.length > 0 && (
          <section className="try-part" aria-label="Settings">
            <h3 className="section-title">Settings</h3>
            <ConfigForm key={path} fields={fields} values={trial.config} onChange={(config) => patchTrial(path, { config })} />
          </section>
        )}
      </div>
      <div className="scroll try-outcomes">
        <Outcome path={path} />
      </div>
    </aside>
  )
}

function Outcome({ path }: { path: string }) {
  const { tried, failure, busy } = useTrials((state) => trialOf(state, path))
  if (failure !== null) {
    const { message, hint } = describe(failure)
    return (
      <div className="try-part">
        <p className="field-error" role="alert">
          {message} {hint}
        </p>
      </div>
    )
  }
  if (tried) return <TryResult path={path} tried={tried} stale={busy} />
  return (
    <div className="try-none">
      <Empty icon={Play} title="Not tried yet">
        Run it on this event as it stands in the editor, saved or not. You see where it leaves and what it asks for; nothing of that is carried out, but its calls are real.
      </Empty>
    </div>
  )
}

function EventChoice({ path }: { path: string }) {
  const { events, chosen, edited } = useTrials((state) => trialOf(state, path))
  const id = useId()
  const current = events.find((event) => event.id === chosen)
  return (
    <div className="try-field">
      <span className="row try-label">
        <label htmlFor={id}>On the event</label>
        {edited && <span className="badge">edited</span>}
      </span>
      <span className="row">
        <span className="grow">
          <Select id={id} value={chosen} onChange={(change) => chooseEvent(path, change.target.value)}>
            {events.map((event) => (
              <option key={event.id} value={event.id}>
                {event.title}
              </option>
            ))}
          </Select>
        </span>
        <IconButton icon={RotateCcw} label="Take the event as it was chosen" disabled={!edited} onClick={() => chooseEvent(path, chosen)} />
      </span>
      {current && <small className="dim">{current.summary}</small>}
    </div>
  )
}

function Fold({ title, mark, bad, children }: { title: string; mark?: string; bad?: boolean; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <div className="try-fold">
      <button type="button" className="try-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
        <span className="grow">{title}</span>
        {mark && <span className={`badge ${bad ? 'bad' : ''}`}>{mark}</span>}
      </button>
      {open && children}
    </div>
  )
}

function JsonArea({ label, text, rows, problem, onChange }: { label: string; text: string; rows: number; problem: string | null; onChange: (text: string) => void }) {
  return (
    <>
      <textarea className="input code try-json" aria-label={`${label} as JSON`} rows={rows} spellCheck={false} value={text} aria-invalid={problem !== null || undefined} onChange={(event) => onChange(event.target.value)} />
      {problem && <small className="field-error">{problem}</small>}
    </>
  )
}

function countOf(value: Record<string, unknown>): string {
  const n = Object.keys(value).length
  return n === 0 ? 'none' : n === 1 ? '1 block' : `${n} blocks`
}
