// Puts a stub in place of the service, beginning with what it really answered:
// until the project is loaded anew, or in world.yaml for good.
import { CornerDownLeft, Save } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import { answerWith, keepStub, type OutgoingCall, type Stub } from '../engine'
import { attempt, Button, notify, Select } from '../ui'

export function AnswerWith({ call, body: first }: { call: OutgoingCall; body: string }) {
  const [status, setStatus] = useState(String(call.status || 200))
  const [body, setBody] = useState(first || '{}')
  const [match, setMatch] = useState({ url: call.url.split('?')[0] ?? call.url, body: '' })
  const [delay, setDelay] = useState('')
  const [fault, setFault] = useState('')
  const id = useId()
  const answer = (event: FormEvent) => {
    event.preventDefault()
    attempt(async () => {
      await answerWith(call.method, call.url, Number(status), body)
      notify.good('A stub answers this call from now on, until the project is loaded anew.')
    })
  }
  const keep = () =>
    attempt(async () => {
      await keepStub(stubOf(call.method, match, fault ? { fault } : { status: Number(status), ...content(body) }, delay))
      notify.good('The stub stands in world.yaml and answers from now on.')
    })
  return (
    <form className="http-answer" onSubmit={answer}>
      <div className="row">
        <label htmlFor={`${id}-status`}>Answer with status</label>
        <input id={`${id}-status`} className="input num" inputMode="numeric" value={status} disabled={fault !== ''} onChange={(event) => setStatus(event.target.value)} />
        <Button type="submit" size="small" icon={CornerDownLeft}>
          Answer with this
        </Button>
      </div>
      <label htmlFor={`${id}-body`}>and body</label>
      <textarea id={`${id}-body`} className="input mono" rows={4} value={body} disabled={fault !== ''} onChange={(event) => setBody(event.target.value)} />
      <fieldset className="http-keep">
        <legend>For good</legend>
        <label htmlFor={`${id}-url`}>Address (* for any part)</label>
        <input id={`${id}-url`} className="input mono" value={match.url} onChange={(event) => setMatch({ ...match, url: event.target.value })} />
        <label htmlFor={`${id}-match`}>Only when the request holds</label>
        <input id={`${id}-match`} className="input mono" value={match.body} placeholder="any" onChange={(event) => setMatch({ ...match, body: event.target.value })} />
        <label htmlFor={`${id}-delay`}>Delay</label>
        <input id={`${id}-delay`} className="input num" value={delay} placeholder="none" onChange={(event) => setDelay(event.target.value)} />
        <label htmlFor={`${id}-fault`}>Fault</label>
        <Select id={`${id}-fault`} value={fault} onChange={(event) => setFault(event.target.value)}>
          <option value="">None: it answers</option>
          <option value="unreachable">Cannot be reached</option>
          <option value="garbage">Answers garbage</option>
        </Select>
        <Button size="small" icon={Save} onClick={keep}>
          Save to world.yaml
        </Button>
      </fieldset>
    </form>
  )
}

function stubOf(method: string, match: { url: string; body: string }, answer: NonNullable<Stub['answer']>, delay: string): Stub {
  return { method, url: match.url, ...(match.body && { body: match.body }), answer: { ...answer, ...(delay && { delay }) } }
}

/** What a service answers, as JSON where it is some. */
function content(body: string): { json: unknown } | { text: string } {
  try {
    return { json: JSON.parse(body) as unknown }
  } catch {
    return { text: body }
  }
}
