// Outgoing calls of flows and Actions, with what came back; any of them can be
// answered by a stub from then on.
import { ArrowLeftRight, Play, Save, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { dropStub, forgetCalls, keepStub, loadCalls, useCalls, type OutgoingCall, type Stub } from '../engine'
import { RunSignIn } from '../commands'
import { attempt, Button, Empty, notify } from '../ui'
import { AnswerWith } from './AnswerWith'
import './http.css'

export function HttpPanel() {
  const { calls, stubs } = useCalls()
  const [chosen, setChosen] = useState<number | null>(null)
  useEffect(() => attempt(loadCalls), [])
  const index = chosen !== null && chosen < calls.length ? chosen : calls.length - 1
  const call = calls[index]
  if (!call)
    return (
      <div className="col grow">
        <Stubs stubs={stubs} />
        <Empty icon={ArrowLeftRight} title="Nothing was called" actions={<RunSignIn icon={Play} />}>
          Calls of webhooks and Actions stand here with request and answer. Any of them can be answered by a stub, so that a flow can be tried without the service.
        </Empty>
      </div>
    )
  return (
    <div className="http">
      <div className="scroll http-list col">
        <div className="row http-head">
          <h3 className="section-title grow">Calls</h3>
          <Button size="small" icon={Trash2} onClick={() => attempt(forgetCalls)}>
            Clear
          </Button>
        </div>
        <ul aria-label="Outgoing calls">
          {calls.map((c, i) => (
            <li key={`${i}-${c.url}`}>
              <button type="button" className="http-entry" aria-pressed={i === index} onClick={() => setChosen(i)}>
                <Badge call={c} />
                <span className="mono ellipsis grow">
                  {c.method} {c.url}
                </span>
                {c.stub && <span className="badge">stub</span>}
              </button>
            </li>
          ))}
        </ul>
        <Stubs stubs={stubs} />
      </div>
      <Detail key={index} call={call} />
    </div>
  )
}

function Badge({ call }: { call: OutgoingCall }) {
  if (call.error) return <span className="badge bad">failed</span>
  return <span className={`badge ${(call.status ?? 0) >= 400 ? 'bad' : 'good'}`}>{call.status}</span>
}

function Stubs({ stubs }: { stubs: Stub[] }) {
  if (stubs.length === 0) return null
  return (
    <section aria-label="Stubs" className="http-stubs">
      <h3 className="section-title">Answered by a stub</h3>
      <ul>
        {stubs.map((s) => (
          <li key={`${s.method ?? ''} ${s.url}`} className="row">
            <span className="mono ellipsis grow">
              {s.method ?? 'any'} {s.url}
            </span>
            <Button size="small" icon={Save} aria-label={`Save the stub of ${s.url} to world.yaml`} onClick={() => attempt(() => keepStub(s).then(() => notify.good('The stub stands in world.yaml.')))}>
              Save to world.yaml
            </Button>
            <Button size="small" icon={Trash2} aria-label={`Remove the stub of ${s.url}`} onClick={() => attempt(() => dropStub(s.method ?? '', s.url))}>
              Remove
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Detail({ call }: { call: OutgoingCall }) {
  const headers = Object.entries(call.header ?? {})
  return (
    <article className="scroll grow http-detail selectable" aria-label="The call" tabIndex={0}>
      <h3 className="mono http-wrap">
        {call.method} {call.url}
      </h3>
      {headers.length > 0 && <pre>{headers.map(([name, value]) => `${name}: ${value}`).join('\n')}</pre>}
      {call.body && <pre aria-label="Body of the request">{call.body}</pre>}
      {call.error && <p className="http-error">{call.error}</p>}
      {call.answer && <pre aria-label="Answer of the service">{bodyOf(call)}</pre>}
      <AnswerWith call={call} body={bodyOf(call)} />
    </article>
  )
}

function bodyOf(call: OutgoingCall): string {
  const answer = call.answer
  if (!answer) return ''
  return answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json, null, 2)
}
