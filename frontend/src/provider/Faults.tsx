// Errors on demand: which endpoint does what instead of its work, and how often.
import { CircleCheck, Trash2, Zap } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import { clearFaults, orderFault, useProvider, type FaultOrder } from '../engine'
import { announce, attempt, Button, Empty, Select } from '../ui'
import { Field } from './Field'

const kinds = [
  { id: 'error', title: 'Answer an OAuth error' },
  { id: 'status', title: 'Answer a status' },
  { id: 'body', title: 'Answer garbage' },
  { id: 'slow', title: 'Be slow, then work' },
] as const
type Kind = (typeof kinds)[number]['id']

/** What the fields are for each kind, before anybody changes them. */
const drafts: Record<Kind, { status: string; error: string; body: string; delay: string }> = {
  error: { status: '', error: 'invalid_grant', body: '', delay: '' },
  status: { status: '503', error: '', body: '', delay: '' },
  body: { status: '200', error: '', body: '<garbage', delay: '' },
  slow: { status: '', error: '', body: '', delay: '3s' },
}

export function Faults() {
  const faults = useProvider((state) => state.faults)
  const set = Object.entries(faults).sort(([a], [b]) => a.localeCompare(b))
  return (
    <div className="scroll grow">
      <NewFault />
      {set.length === 0 ? (
        <Empty icon={CircleCheck} title="Every endpoint does its work">
          Order a fault to see what your application does when the token endpoint refuses, userinfo answers 401, or discovery is slow.
        </Empty>
      ) : (
        <>
          <div className="row provider-list-head">
            <h2 className="section-title grow">Ordered faults</h2>
            <Button size="small" icon={Trash2} onClick={() => attempt(() => clearFaults())}>
              Clear all
            </Button>
          </div>
          <table className="table" aria-label="Ordered faults">
            <thead>
              <tr>
                <th>Endpoint</th>
                <th>Does</th>
                <th>How often</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {set.map(([endpoint, fault]) => (
                <tr key={endpoint}>
                  <td className="mono">{endpoint}</td>
                  <td>{inWords(fault)}</td>
                  <td>{fault.times ? `${fault.times} more` : 'until it is cleared'}</td>
                  <td style={{ textAlign: 'right' }}>
                    <Button size="small" icon={Trash2} aria-label={`Clear the fault of ${endpoint}`} onClick={() => attempt(() => clearFaults(endpoint))}>
                      Clear
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  )
}

function inWords(fault: FaultOrder): string {
  const does = [fault.delay && `waits ${fault.delay}`, fault.error && `error ${fault.error}`, fault.status && `status ${fault.status}`, fault.body && `body “${fault.body.slice(0, 60)}”`]
  return does.filter(Boolean).join(', ')
}

function NewFault() {
  const endpoints = useProvider((state) => state.endpoints)
  const [endpoint, setEndpoint] = useState('token')
  const [kind, setKind] = useState<Kind>('error')
  const [draft, setDraft] = useState(drafts.error)
  const [times, setTimes] = useState('1')
  const id = useId()
  const order = (event: FormEvent) => {
    event.preventDefault()
    attempt(async () => {
      await orderFault(endpoint, { ...(draft.status && { status: Number(draft.status) }), ...(draft.error && { error: draft.error }), ...(draft.body && { body: draft.body }), ...(draft.delay && { delay: draft.delay }), times: Number(times) || 0 })
      announce(`A fault is ordered at ${endpoint}.`)
    })
  }
  const field = (name: keyof typeof draft, label: string, placeholder: string, wide = false) => (
    <Field id={`${id}-${name}`} label={label} wide={wide}>
      <input id={`${id}-${name}`} className="input" placeholder={placeholder} inputMode={name === 'status' ? 'numeric' : 'text'} value={draft[name]} onChange={(event) => setDraft({ ...draft, [name]: event.target.value })} />
    </Field>
  )
  return (
    <form className="provider-form" aria-label="Order a fault" onSubmit={order}>
      <Field id={`${id}-at`} label="Endpoint">
        <Select id={`${id}-at`} value={endpoint} onChange={(event) => setEndpoint(event.target.value)}>
          {endpoints.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      </Field>
      <Field id={`${id}-kind`} label="Instead of its work">
        <Select
          id={`${id}-kind`}
          value={kind}
          onChange={(event) => {
            const next = event.target.value as Kind
            setKind(next)
            setDraft(drafts[next])
          }}
        >
          {kinds.map((k) => (
            <option key={k.id} value={k.id}>
              {k.title}
            </option>
          ))}
        </Select>
      </Field>
      {kind === 'error' && field('error', 'Error', 'invalid_grant')}
      {kind !== 'slow' && field('status', 'Status', kind === 'error' ? 'its own' : '503')}
      {kind === 'body' && field('body', 'Body', 'what is answered', true)}
      {field('delay', 'Delay', 'none')}
      <Field id={`${id}-times`} label="Times (0: until cleared)">
        <input id={`${id}-times`} className="input" type="number" min={0} value={times} onChange={(event) => setTimes(event.target.value)} />
      </Field>
      <Button type="submit" look="primary" icon={Zap}>
        Order fault
      </Button>
    </form>
  )
}
