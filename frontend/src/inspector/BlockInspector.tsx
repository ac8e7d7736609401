// One block: its name, its settings, where its outcomes lead, what it leaves.
import { CircleDot, CircleHelp, Lock, Waypoints } from 'lucide-react'
import { useMemo, useState } from 'react'
import { allProblems, breakpointAt, editStop, setBreakpoint, stopLook, stopWords, toggleBreakpoint, useDescriptor, useProblems, useRuns, useStudio, type Descriptor } from '../engine'
import { edit, hideUses, lockReason, setConfig, setStage, setStart, setText, showUses, stageProblem, stagesOf, useUses, type Doc } from '../document'
import { attempt, Button, CopyButton, IconButton, iconNamed, Select, Switch } from '../ui'
import { FieldRow } from './FieldRow'
import { BlockContext, type BlockPlace } from './context'
import { FieldProblems } from './FieldProblems'
import { IdField } from './IdField'
import { PortList } from './PortList'
import { LastValues } from './LastValues'
import { Section } from './Section'
import { DraftText } from './widgets/DraftText'

export function BlockInspector({ slug, id, doc }: { slug: string; id: string; doc: Doc }) {
  const block = doc.flow.blocks[id]!
  const catalogue = useStudio((state) => state.catalogue)
  const descriptor = useDescriptor(block.type, block.config)
  const problemsState = useProblems()
  const problems = useMemo(() => allProblems(problemsState).filter((p) => p.flow === slug && p.block === id), [problemsState, slug, id])
  const locked = lockReason(doc.flow, id, catalogue)
  const place = useMemo<BlockPlace>(() => ({ slug, block: id, problems }), [slug, id, problems])
  const family = catalogue?.families.findIndex((f) => f.id === descriptor?.family) ?? 5
  const Icon = iconNamed(descriptor?.icon ?? '')
  const change = (field: string, value: unknown) => edit(slug, setConfig(id, field, value, descriptor))
  return (
    <BlockContext value={place}>
      <div className="inspector-head">
        <span className={`card-icon fam-${family < 0 ? 5 : family}`}>
          <Icon size={18} aria-hidden />
        </span>
        <div className="grow">
          <h2 className="ellipsis">{block.label ?? descriptor?.title ?? block.type}</h2>
          <p className="faint ellipsis">{descriptor ? descriptor.summary : `Unknown type “${block.type}”`}</p>
        </div>
      </div>
      {locked && (
        <p className="inspector-lock">
          <Lock size={13} aria-hidden />
          <span>{locked}</span>
        </p>
      )}
      <FieldProblems problems={problems.filter((p) => !standsAt(p.field, descriptor))} slug={slug} />

      {descriptor && descriptor.fields.length > 0 && (
        <Section title="Settings">
          {descriptor.fields.map((field) => (
            <FieldRow key={field.name} field={field} path={field.name} value={block.config?.[field.name]} onChange={(value) => change(field.name, value)} />
          ))}
        </Section>
      )}
      <PortList slug={slug} id={id} doc={doc} />
      <Section title="Block">
        <IdField slug={slug} id={id} doc={doc} />
        <div className="field">
          <label htmlFor="block-label">Label</label>
          <DraftText id="block-label" value={block.label ?? ''} placeholder={descriptor?.title} onChange={(text) => edit(slug, setText(id, 'label', text))} />
        </div>
        <div className="field">
          <label htmlFor="block-stage">Stage</label>
          <Select id="block-stage" value={block.stage} onChange={(event) => edit(slug, setStage(id, event.target.value))}>
            {stagesOf(doc.flow, catalogue).map((stage) => (
              <option key={stage.id} value={stage.id} disabled={stage.id !== block.stage && stageProblem(doc.flow, descriptor, stage.id, catalogue) !== null}>
                {stage.title}
              </option>
            ))}
          </Select>
        </div>
        <div className="field">
          <label htmlFor="block-note">Note</label>
          <DraftText id="block-note" value={block.note ?? ''} multiline placeholder="Why this block is here" onChange={(text) => edit(slug, setText(id, 'note', text))} />
        </div>
        <BreakpointRow slug={slug} id={id} />
        {doc.flow.start !== id && (
          <Button size="small" onClick={() => edit(slug, setStart(id))}>
            Start the flow here
          </Button>
        )}
      </Section>
      {descriptor && descriptor.outputs.length > 0 && (
        <Section title="Leaves behind" hint="Values that later blocks can use">
          <ul className="outputs">
            {descriptor.outputs.map((output) => (
              <li key={output.name}>
                <span className="row">
                  <code className="ellipsis">{`step.${id}.${output.name}`}</code>
                  <span className="badge">{output.type}</span>
                  <CopyButton text={`step.${id}.${output.name}`} label={`Copy step.${id}.${output.name}`} />
                  <UsesButton slug={slug} path={`step.${id}.${output.name}`} />
                </span>
                <small className="faint">{output.help}</small>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <LastValues slug={slug} id={id} />
      {descriptor?.help && <Help text={descriptor.help} />}
    </BlockContext>
  )
}

/** Whether a problem has a place of its own further down. */
function standsAt(field: string | undefined, descriptor: Descriptor | undefined): boolean {
  if (!field) return false
  return field.startsWith('next.') || (descriptor?.fields.some((f) => field === f.name || field.startsWith(`${f.name}.`)) ?? false)
}

function BreakpointRow({ slug, id }: { slug: string; id: string }) {
  const stop = useRuns((state) => breakpointAt(state, slug, id))
  return (
    <div className="field switch-row">
      <span className="row">
        {stop ? <span className={`stop-mark ${stopLook(stop)}`} aria-hidden /> : <CircleDot size={14} aria-hidden className="faint" />}
        <span title={stop && stopWords(stop)}>Breakpoint</span>
      </span>
      <span className="row">
        {stop && (
          <>
            <Button size="small" look="ghost" onClick={() => attempt(() => setBreakpoint({ ...stop, enabled: !stop.enabled }))}>
              {stop.enabled ? 'Disable' : 'Enable'}
            </Button>
            <Button size="small" look="ghost" onClick={() => editStop(stop)}>
              Edit…
            </Button>
          </>
        )}
        <Switch label="Breakpoint" checked={stop !== undefined} onChange={() => attempt(() => toggleBreakpoint(slug, id))} />
      </span>
    </div>
  )
}

/** Paints on the drawing who writes and who reads a value. */
function UsesButton({ slug, path }: { slug: string; path: string }) {
  const shown = useUses((state) => state.slug === slug && state.path === path)
  return <IconButton size="small" icon={Waypoints} label={`Show where ${path} is used`} aria-pressed={shown} onClick={() => (shown ? hideUses() : showUses(slug, path))} />
}

function Help({ text }: { text: string }) {
  const [shown, setShown] = useState(true)
  return (
    <Section title="Help" open={shown} onToggle={() => setShown(!shown)}>
      <p className="help-text">
        <CircleHelp size={14} aria-hidden />
        <span>{text}</span>
      </p>
    </Section>
  )
}
