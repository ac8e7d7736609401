// A new flow: its name and what sets it off.
import { useState } from 'react'
import { call, useStudio } from '../engine'
import { acceptFlow, flowTab, openTab } from '../document'
import { attempt, FormDialog, Select } from '../ui'

export function NewFlowDialog({ onClose }: { onClose: () => void }) {
  const triggers = useStudio((state) => state.catalogue?.triggers ?? [])
  const flows = useStudio((state) => state.project?.flows ?? [])
  const [name, setName] = useState('')
  const [trigger, setTrigger] = useState(triggers[0]?.id ?? 'login')
  const slug = name.trim().toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '')
  const taken = flows.some((flow) => flow.slug === slug)
  const create = () =>
    attempt(async () => {
      acceptFlow(await call('flow.create', { slug, name: name.trim(), trigger }))
      openTab(flowTab(slug))
      onClose()
    })
  return (
    <FormDialog
      title="New flow"
      onClose={onClose}
      action="Create"
      ready={slug !== '' && !taken}
      onDone={create}
    >
      <div className="field">
        <label htmlFor="new-flow-name">Name</label>
        <input id="new-flow-name" className="input" autoFocus value={name} placeholder="Step-up for payments" onChange={(event) => setName(event.target.value)} />
        <small className={taken ? 'field-error' : 'field-help'}>{taken ? 'A flow of this name exists.' : slug ? `flows/${slug}.json` : 'Its file is named after it.'}</small>
      </div>
      <div className="field">
        <label htmlFor="new-flow-trigger">Set off by</label>
        <Select id="new-flow-trigger" value={trigger} onChange={(event) => setTrigger(event.target.value)}>
          {triggers.map((t) => (
            <option key={t.id} value={t.id}>
              {t.title}
            </option>
          ))}
        </Select>
        <small className="field-help">
          Stages: {triggers.find((t) => t.id === trigger)?.stages.map((stage) => stage.title).join(' → ') || 'its own'}
        </small>
      </div>
    </FormDialog>
  )
}
