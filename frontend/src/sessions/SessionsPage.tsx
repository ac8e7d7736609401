// Live sessions: who, how surely, for how long; and how to end one.
import { LogOut, MonitorSmartphone, Play, Trash2, UserX } from 'lucide-react'
import { useEffect } from 'react'
import { loadLeftovers, logoutSession, revokeSession, setUserActive, useLeftovers, type SessionView } from '../engine'
import { RunSignIn } from '../commands'
import { ask, attempt, Button, Empty, IconButton, notify, PageHead } from '../ui'
import { Countdown } from './Countdown'
import './sessions.css'

export function SessionsPage() {
  const sessions = useLeftovers((state) => state.sessions)
  useEffect(() => attempt(loadLeftovers), [])
  return (
    <div className="col grow">
      <PageHead title="Sessions" text="What successful sign-ins left behind in this project's harness. A session ends when it is idle too long, at its limit, or when it is revoked." />
      {sessions.length === 0 ? (
        <Empty icon={MonitorSmartphone} title="Nobody is signed in" actions={<RunSignIn icon={Play} />}>
          Run the login flow and sign in: the session, its methods and its time limits are listed here.
        </Empty>
      ) : (
        <div className="scroll grow">
          <table className="table" aria-label="Sessions">
            <thead>
              <tr>
                <th>Person</th>
                <th>Assurance</th>
                <th>Methods</th>
                <th>From</th>
                <th>Idle in</th>
                <th>Ends in</th>
                <th>Clients</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((session) => (
                <Row key={session.id} session={session} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

function Row({ session }: { session: SessionView }) {
  const revoke = () =>
    ask({
      title: `End the session of ${session.user}?`,
      text: 'Its refresh tokens end with it. The person has to sign in again.',
      yes: 'End session',
      danger: true,
      run: () =>
        attempt(async () => {
          await revokeSession(session.id)
          notify.good(`The session of ${session.user} has ended.`)
        }),
    })
  const logOut = async () => {
    await logoutSession(session.id)
    notify.good(`${session.user} is signed out. Clients with an address for back-channel logout are told.`)
  }
  const deactivate = () =>
    ask({
      title: `Deactivate ${session.user}?`,
      text: 'All sessions and refresh tokens of the account end, and no sign-in proves it any more. It can be activated again under Users.',
      yes: 'Deactivate',
      danger: true,
      run: () =>
        attempt(async () => {
          await setUserActive(session.user_id, false)
          notify.good(`The account of ${session.user} is deactivated.`)
        }),
    })
  return (
    <tr>
      <td>
        <span className="cell-main">{session.user}</span>
        <span className="cell-sub mono">{session.id}</span>
      </td>
      <td>
        <span className="badge accent">{session.acr}</span>
      </td>
      <td>
        <span className="row" style={{ gap: 4 }}>
          {session.amr.map((method) => (
            <span key={method} className="badge">
              {method}
            </span>
          ))}
        </span>
      </td>
      <td>
        <span className="cell-main mono">{session.ip}</span>
        <span className="cell-sub ellipsis" title={session.user_agent}>
          {session.user_agent}
        </span>
      </td>
      <td className="num">
        <Countdown until={session.idle_expires_at} />
      </td>
      <td className="num">
        <Countdown until={session.expires_at} />
      </td>
      <td className="mono">{session.clients.join(', ')}</td>
      <td>
        <span className="row" style={{ gap: 4, justifyContent: 'flex-end' }}>
          <Button size="small" icon={LogOut} onClick={() => attempt(logOut)}>
            Log out
          </Button>
          <Button size="small" look="danger" icon={Trash2} onClick={revoke}>
            Revoke
          </Button>
          <IconButton size="small" icon={UserX} label={`Deactivate ${session.user}`} onClick={deactivate} />
        </span>
      </td>
    </tr>
  )
}
