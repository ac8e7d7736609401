// Puts a stub in place of the service, beginning with what it really answered.
import { CornerDownLeft } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import { answerWith, type OutgoingCall } from '../engine'
import { attempt, Button, notify } from '../ui'

export function AnswerWith({ call, body: first }: { call: OutgoingCall; body: string }) {
  const [status, setStatus] = useState(String(call.status || 200))
  const [body, setBody] = useState(first || '{}')
  const id = useId()
  const save = (event: FormEvent) => {
    event.preventDefault()
    attempt(async () => {
      await answerWith(call.method, call.url, Number(status), body)
      notify.good('A stub answers this call from now on. Copy it into world.yaml to keep it.')
    })
  }
  return (
    <form className="http-answer" onSubmit={save}>
      <div className="row">
        <label htmlFor={`${id}-status`}>Answer with status</label>
        <input id={`${id}-status`} className="input num" inputMode="numeric" value={status} onChange={(event) => setStatus(event.target.value)} />
        <Button type="submit" size="small" icon={CornerDownLeft}>
          Answer with this
        </Button>
      </div>
      <label htmlFor={`${id}-body`}>and body</label>
      <textarea id={`${id}-body`} className="input mono" rows={4} value={body} onChange={(event) => setBody(event.target.value)} />
    </form>
  )
}
