// The form of a breakpoint: where it stands, when it stops, what it says instead.
import { useId, useState, type ReactNode } from 'react'
import { clearBreakpoint, setBreakpoint, stopName, useDraft, useRuns, useStudio, type BreakpointKind, type Draft } from '../engine'
import { activeFlow, flowOf } from '../document'
import { attempt, Button, FormDialog, Select, Switch } from '../ui'

const kinds: [BreakpointKind, string][] = [
  ['block', 'Before a block'],
  ['edge', 'When a block leaves by an outcome'],
  ['page', 'When a page is shown'],
  ['type', 'Before every block of a type'],
  ['line', 'At a line of an Action'],
  ['value', 'When a value is written'],
]

export function StopDialog() {
  const draft = useDraft((state) => state.draft)
  if (!draft) return null
  return <Form key={draft.id ?? 'new'} given={draft} onClose={() => useDraft.setState({ draft: null })} />
}

type Text = 'flow' | 'block' | 'port' | 'type' | 'page' | 'file' | 'path' | 'condition' | 'hit' | 'message'

const places: Record<BreakpointKind, Text[]> = { block: ['flow', 'block'], edge: ['flow', 'block', 'port'], page: ['page'], type: ['type'], line: ['file'], value: ['path'] }
const names: Record<Text, string> = {
  flow: 'Flow',
  block: 'Block',
  port: 'Outcome',
  type: 'Block type',
  page: 'Page',
  file: 'Action',
  path: 'Value',
  condition: 'Only when',
  hit: 'Hit count',
  message: 'Log message',
}

function Form({ given, onClose }: { given: Draft; onClose: () => void }) {
  const [draft, setDraft] = useState<Draft>(() => ({ flow: given.kind === 'value' ? (activeFlow() ?? undefined) : undefined, ...given }))
  const failed = useRuns((state) => state.breakpoints.find((b) => b.id === draft.id && !b.verified)?.why)
  const placed = places[given.kind].every((part) => given[part])
  const complete = places[draft.kind].every((part) => draft[part]?.trim()) && (draft.kind !== 'line' || (draft.line ?? 0) > 0)
  const set = (part: Text, value: string) => setDraft({ ...draft, [part]: value })
  const inAction = draft.kind === 'line'
  const save = () => {
    onClose()
    attempt(() => setBreakpoint(only(draft)))
  }
  return (
    <FormDialog
      title={placed ? `Breakpoint: ${stopName(given)}` : 'New breakpoint'}
      description={failed && `Cannot bind: ${failed}`}
      onClose={onClose}
      also={
        draft.id && (
          <Button
            look="danger"
            onClick={() => {
              onClose()
              attempt(() => clearBreakpoint(draft.id!))
            }}
          >
            Remove
          </Button>
        )
      }
      action={draft.id ? 'Keep' : 'Set breakpoint'}
      ready={complete}
      onDone={save}
    >
      <div className="stop-form">
        {!placed && <Place draft={draft} onKind={(kind) => setDraft({ ...draft, kind })} set={set} onLine={(line) => setDraft({ ...draft, line })} />}
        <Row title={names.condition} help={inAction ? 'JavaScript, in the scope of that line' : 'CEL over event, step, input and claims'}>
          {(id) => <Input id={id} code placeholder={inAction ? "kind === 'corporate'" : "step.risk.level == 'high'"} value={draft.condition} onChange={(value) => set('condition', value)} />}
        </Row>
        <Row title={names.hit} help="5, >5, >=5 or %5 (every fifth time)">
          {(id) => <Input id={id} code placeholder="every time" value={draft.hit} onChange={(value) => set('hit', value)} />}
        </Row>
        <Row title={names.message} help="Said in the console in place of stopping; {…} holds expressions">
          {(id) => <Input id={id} placeholder={inAction ? 'domain is {domain}' : 'the score is {step.risk.score}'} value={draft.message} onChange={(value) => set('message', value)} />}
        </Row>
        <div className="field switch-row">
          <span>Switched on</span>
          <Switch label="Switched on" checked={draft.enabled !== false} onChange={(enabled) => setDraft({ ...draft, enabled })} />
        </div>
      </div>
    </FormDialog>
  )
}

/** Without what belongs to another kind of place. */
function only(draft: Draft): Draft {
  const { id, kind, enabled, condition, hit, message, line } = draft
  const place = Object.fromEntries(places[kind].map((part) => [part, draft[part]?.trim()]))
  return { id, kind, enabled, condition, hit, message, ...place, ...(kind === 'line' ? { line } : {}) }
}

function Place({ draft, onKind, set, onLine }: { draft: Draft; onKind: (kind: BreakpointKind) => void; set: (part: Text, value: string) => void; onLine: (line: number) => void }) {
  const offers = useOffers(draft)
  return (
    <>
      <Row title="Stop">
        {(id) => (
          <Select id={id} value={draft.kind} onChange={(event) => onKind(event.target.value as BreakpointKind)}>
            {kinds.map(([kind, words]) => (
              <option key={kind} value={kind}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Row>
      {places[draft.kind].map((part) => (
        <Row key={part} title={names[part]} help={part === 'path' ? 'Such as claims.access_token.plan, step.risk.score or event.user' : undefined}>
          {(id) => (
            <>
              <Input id={id} code list={`${id}-list`} value={draft[part]} onChange={(value) => set(part, value)} />
              <datalist id={`${id}-list`}>
                {offers(part).map((value) => (
                  <option key={value} value={value} />
                ))}
              </datalist>
            </>
          )}
        </Row>
      ))}
      {draft.kind === 'line' && (
        <Row title="Line">{(id) => <Input id={id} code value={draft.line?.toString()} onChange={(value) => onLine(Number.parseInt(value, 10) || 0)} />}</Row>
      )}
    </>
  )
}

/** What a person may mean, as far as it is known here. */
function useOffers(draft: Draft): (part: Text) => string[] {
  const project = useStudio((state) => state.project)
  const catalogue = useStudio((state) => state.catalogue)
  const blocks = draft.flow ? flowOf(draft.flow)?.doc.flow.blocks : undefined
  const below = (folder: string, path: string) => (path.startsWith(folder) ? path.slice(folder.length) : path)
  const lists: Partial<Record<Text, () => string[]>> = {
    flow: () => project?.flows.map((flow) => flow.slug) ?? [],
    block: () => Object.keys(blocks ?? {}),
    port: () => Object.keys(blocks?.[draft.block ?? '']?.next ?? {}),
    type: () => catalogue?.blocks.map((block) => block.id) ?? [],
    page: () => project?.pages.map((page) => below('pages/', page.path)) ?? [],
    file: () => project?.actions.map((action) => below('actions/', action.path)) ?? [],
  }
  return (part) => lists[part]?.() ?? []
}

function Row({ title, help, children }: { title: string; help?: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{title}</label>
      {children(id)}
      {help && <small className="faint">{help}</small>}
    </div>
  )
}

function Input({ id, value, placeholder, code, list, onChange }: { id: string; value: string | undefined; placeholder?: string; code?: boolean; list?: string; onChange: (value: string) => void }) {
  return <input id={id} className={`input ${code ? 'code' : ''}`} list={list} spellCheck={false} autoComplete="off" placeholder={placeholder} value={value ?? ''} onChange={(event) => onChange(event.target.value)} />
}
