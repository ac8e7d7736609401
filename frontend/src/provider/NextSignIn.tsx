// Who the next authorization requests sign in with no page, and what goes into
// somebody's next tokens.
import { ListPlus, Trash2, UserRoundCheck } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import { clearNextUsers, queueClaims, queueUser, useLeftovers, useProvider, type UserView } from '../engine'
import { announce, attempt, Button, Empty, notify, Select } from '../ui'
import { Field } from './Field'

const nameOf = (user: UserView) => user.email || user.username || user.id

export function NextSignIn() {
  const next = useProvider((state) => state.next)
  const users = useLeftovers((state) => state.users)
  return (
    <div className="scroll grow">
      <NextUser users={users} />
      {next.length === 0 ? (
        <Empty icon={UserRoundCheck} title="Everybody signs in by themselves">
          Queue a person, and the next authorization request signs them in with no page at all, whatever it asks for: a real session, real tokens, and a method that says so (amr: persona).
        </Empty>
      ) : (
        <>
          <div className="row provider-list-head">
            <h2 className="section-title grow">Queued people</h2>
            <Button size="small" icon={Trash2} onClick={() => attempt(clearNextUsers)}>
              Clear the queue
            </Button>
          </div>
          <table className="table" aria-label="Queued people">
            <thead>
              <tr>
                <th>Person</th>
                <th>Assurance</th>
                <th>Requests left</th>
              </tr>
            </thead>
            <tbody>
              {next.map((n, i) => (
                <tr key={i}>
                  <td>{n.user}</td>
                  <td>
                    <span className="badge accent">{n.aal}</span>
                  </td>
                  <td className="num">{n.times}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <QueueClaims users={users} />
    </div>
  )
}

function People({ id, value, users, onChange }: { id: string; value: string; users: UserView[]; onChange: (user: string) => void }) {
  return (
    <>
      <input id={id} className="input" list={`${id}-people`} required placeholder="ada@example.com" autoComplete="off" value={value} onChange={(event) => onChange(event.target.value)} />
      <datalist id={`${id}-people`}>
        {users.map((user) => (
          <option key={user.id} value={nameOf(user)}>
            {user.name}
          </option>
        ))}
      </datalist>
    </>
  )
}

function NextUser({ users }: { users: UserView[] }) {
  const [user, setUser] = useState('')
  const [aal, setAAL] = useState('aal1')
  const [times, setTimes] = useState('1')
  const id = useId()
  const queue = (event: FormEvent) => {
    event.preventDefault()
    attempt(async () => {
      await queueUser(user, aal, Number(times))
      announce(`${user} signs in next.`)
    })
  }
  return (
    <form className="provider-form" aria-label="Queue the next user" onSubmit={queue}>
      <Field id={`${id}-user`} label="Person" wide>
        <People id={`${id}-user`} value={user} users={users} onChange={setUser} />
      </Field>
      <Field id={`${id}-aal`} label="Assurance">
        <Select id={`${id}-aal`} value={aal} onChange={(event) => setAAL(event.target.value)}>
          <option value="aal1">aal1 (one factor)</option>
          <option value="aal2">aal2 (two factors)</option>
        </Select>
      </Field>
      <Field id={`${id}-times`} label="Requests">
        <input id={`${id}-times`} className="input" type="number" min={1} required value={times} onChange={(event) => setTimes(event.target.value)} />
      </Field>
      <Button type="submit" look="primary" icon={UserRoundCheck}>
        Queue person
      </Button>
    </form>
  )
}

function QueueClaims({ users }: { users: UserView[] }) {
  const [user, setUser] = useState('')
  const [into, setInto] = useState<'id_token' | 'access_token'>('id_token')
  const [text, setText] = useState('{"department": "physics"}')
  const id = useId()
  const wrong = claimsOf(text) === null
  const queue = (event: FormEvent) => {
    event.preventDefault()
    const claims = claimsOf(text)
    if (claims === null) return
    attempt(async () => {
      await queueClaims(user, { [into]: claims })
      notify.good(`The next tokens of ${user} carry these claims.`)
    })
  }
  return (
    <>
      <h2 className="section-title provider-section">Claims for somebody’s next tokens</h2>
      <form className="provider-form" aria-label="Queue claims" onSubmit={queue}>
        <Field id={`${id}-user`} label="Person" wide>
          <People id={`${id}-user`} value={user} users={users} onChange={setUser} />
        </Field>
        <Field id={`${id}-into`} label="Into the">
          <Select id={`${id}-into`} value={into} onChange={(event) => setInto(event.target.value as typeof into)}>
            <option value="id_token">ID token</option>
            <option value="access_token">access token</option>
          </Select>
        </Field>
        <Field id={`${id}-claims`} label="Claims (JSON object)" wide>
          <input id={`${id}-claims`} className="input code" aria-invalid={wrong} aria-describedby={wrong ? `${id}-wrong` : undefined} value={text} onChange={(event) => setText(event.target.value)} />
          {wrong && (
            <p id={`${id}-wrong`} className="field-error">
              Write an object such as {'{"department": "physics"}'}.
            </p>
          )}
        </Field>
        <Button type="submit" icon={ListPlus} disabled={wrong}>
          Queue claims
        </Button>
      </form>
    </>
  )
}

function claimsOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
