// What if the block left by another outcome? It does not run; the run goes on as
// if it had.
import { useId, useState } from 'react'
import { call, descriptorOf, useRuns, viewedRun } from '../engine'
import { flowOf, portsOf } from '../document'
import { attempt, Button, Dialog, Select } from '../ui'

export function ForceDialog({ onClose }: { onClose: () => void }) {
  const run = useRuns(viewedRun)
  const at = run?.stack[0]
  const block = at && flowOf(at.flow)?.doc.flow.blocks[at.block]
  const descriptor = block && descriptorOf(block.type, block.config)
  const ports = block ? portsOf(block, descriptor) : []
  const [port, setPort] = useState(ports[0]?.id ?? '')
  const [text, setText] = useState('{}')
  const id = useId()
  const outputs = objectOf(text)
  if (!run || !at) return null
  const go = () => {
    if (!outputs) return
    onClose()
    attempt(() => call('debug.force', { run: run.id, port, outputs }))
  }
  return (
    <Dialog
      title={`Leave ${at.block} by an outcome`}
      description="The block does not run. The run goes on as if it had left this way, and its journal says so."
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!outputs || port === ''} onClick={go}>
            Leave this way
          </Button>
        </>
      }
    >
      <div className="field">
        <label htmlFor={`${id}-port`}>Outcome</label>
        <Select id={`${id}-port`} value={port} onChange={(event) => setPort(event.target.value)}>
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
        <textarea id={`${id}-outputs`} className="input code" rows={5} spellCheck={false} value={text} aria-invalid={!outputs || undefined} onChange={(event) => setText(event.target.value)} />
        <small className={outputs ? 'faint' : 'field-error'}>{outputs ? outputsHelp(descriptor?.outputs.map((output) => output.name) ?? []) : 'Not a JSON object, such as { "level": "high" }'}</small>
      </div>
    </Dialog>
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
