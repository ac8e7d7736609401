// An outcome of a block and the values that it leaves behind: what a block is made
// to leave by, once or each time.
import { useId, useState } from 'react'
import { descriptorOf, type Place } from '../engine'
import { flowOf, portsOf } from '../document'
import { Select } from '../ui'

export interface Outcome {
  port: string
  outputs: Record<string, unknown>
}

export interface OutcomeDraft {
  port: string
  text: string
}

/** Null while the text is no JSON object. */
export function outcomeOf(draft: OutcomeDraft): Outcome | null {
  const outputs = objectOf(draft.text)
  return outputs && draft.port !== '' ? { port: draft.port, outputs } : null
}

type At = Pick<Place, 'flow' | 'block'>

function blockAt(at: At | null | undefined) {
  const block = at ? flowOf(at.flow)?.doc.flow.blocks[at.block] : undefined
  const descriptor = block && descriptorOf(block.type, block.config)
  return { block, descriptor, ports: block ? portsOf(block, descriptor) : [] }
}

export function useOutcome(at: At | null | undefined, given?: Outcome) {
  return useState<OutcomeDraft>(() => ({ port: given?.port ?? blockAt(at).ports[0]?.id ?? '', text: JSON.stringify(given?.outputs ?? {}, null, 2) }))
}

export function OutcomeForm({ at, draft, onChange }: { at: At; draft: OutcomeDraft; onChange: (draft: OutcomeDraft) => void }) {
  const id = useId()
  const { block, descriptor, ports } = blockAt(at)
  const outputs = objectOf(draft.text)
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-port`}>Outcome</label>
        <Select id={`${id}-port`} value={draft.port} onChange={(event) => onChange({ ...draft, port: event.target.value })}>
          {ports.map((p) => (
            <option key={p.id} value={p.id}>
              {p.title === p.id ? p.id : `${p.title} (${p.id})`}
              {block?.next?.[p.id] ? ` → ${block.next[p.id]}` : ': leads nowhere'}
            </option>
          ))}
        </Select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-outputs`}>Outputs, as JSON</label>
        <textarea id={`${id}-outputs`} className="input code" rows={Math.min(14, Math.max(5, draft.text.split('\n').length))} spellCheck={false} value={draft.text} aria-invalid={!outputs || undefined} onChange={(event) => onChange({ ...draft, text: event.target.value })} />
        <small className={outputs ? 'faint' : 'field-error'}>{outputs ? outputsHelp(descriptor?.outputs.map((output) => output.name) ?? []) : 'Not a JSON object, such as { "level": "high" }'}</small>
      </div>
    </>
  )
}

function outputsHelp(names: string[]): string {
  return names.length === 0 ? 'This block leaves no values behind.' : `It leaves behind: ${names.join(', ')}.`
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
