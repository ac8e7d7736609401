// The people of the harness.
import { RotateCcw, UserCheck, UsersRound, UserX } from 'lucide-react'
import { useEffect } from 'react'
import { loadUsers, resetUsers, setUserActive, useBrowsing, useLeftovers, type UserView } from '../engine'
import { OpenText } from '../editor'
import { ago, ask, attempt, Button, CopyButton, Empty, notify, PageHead } from '../ui'
import { AppCode } from './AppCode'
import './sessions.css'

export function UsersPage() {
  const users = useLeftovers((state) => state.users)
  const seeded = useBrowsing((state) => state.harness?.users)
  useEffect(() => attempt(loadUsers), [])
  const reset = () =>
    ask({
      title: 'Put all users back?',
      text: 'Every user, credential and device goes back to what world.yaml says. Sessions end.',
      yes: 'Put back',
      danger: true,
      run: () =>
        attempt(async () => {
          await resetUsers()
          notify.good('The users are as world.yaml says.')
        }),
    })
  return (
    <div className="col grow">
      <PageHead title="Users" text="The people of this project's harness, seeded from world.yaml. Nobody here is real, and nothing you do to them leaves this machine.">
        <OpenText path="world.yaml">Edit world.yaml</OpenText>
        <Button icon={RotateCcw} onClick={reset}>
          Put back as seeded
        </Button>
      </PageHead>
      {users.length === 0 ? (
        <Empty
          icon={UsersRound}
          title="No users"
          actions={
            <Button icon={RotateCcw} onClick={reset}>
              Put back as seeded
            </Button>
          }
        >
          The people of the test world stand in world.yaml, with their passwords and factors; a registration flow adds to them while it runs.
        </Empty>
      ) : (
        <div className="scroll grow">
          <table className="table" aria-label="Users">
            <thead>
              <tr>
                <th>Name</th>
                <th>Mail</th>
                <th>Password</th>
                <th>Status</th>
                <th>Factors</th>
                <th>Last sign-in</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {users.map((user) => {
                const seed = seeded?.find((s) => s.identifier === user.email || s.identifier === user.username)
                return (
                  <tr key={user.id}>
                    <td>
                      <span className="cell-main">{user.name || user.username || user.email}</span>
                      <span className="cell-sub mono">{user.id}</span>
                    </td>
                    <td>{user.email}</td>
                    <td>
                      {seed ? (
                        <span className="row" style={{ gap: 4 }}>
                          <code>{seed.password}</code>
                          <CopyButton text={seed.password} label={`Copy password of ${user.name}`} />
                        </span>
                      ) : (
                        <span className="faint">not seeded</span>
                      )}
                    </td>
                    <td>
                      <span className={`badge ${user.status === 'active' ? 'good' : 'warn'}`}>{user.status}</span>
                    </td>
                    <td>
                      <span className="row" style={{ gap: 6 }}>
                        {user.factors.length > 0 ? user.factors.join(', ') : <span className="faint">none</span>}
                        {user.factors.includes('totp') && <AppCode id={user.id} name={user.name || user.email} />}
                      </span>
                    </td>
                    <td>{user.last_sign_in ? ago(user.last_sign_in) : <span className="faint">never</span>}</td>
                    <td>
                      <Activity user={user} />
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

/** An account that is switched off keeps its data and proves nothing. */
function Activity({ user }: { user: UserView }) {
  const name = user.name || user.username || user.email
  const active = user.status === 'active'
  const change = async () => {
    await setUserActive(user.id, !active)
    notify.good(active ? `The account of ${name} is deactivated; its sessions have ended.` : `The account of ${name} is active again.`)
  }
  return (
    <span className="row" style={{ justifyContent: 'flex-end' }}>
      <Button size="small" icon={active ? UserX : UserCheck} aria-label={`${active ? 'Deactivate' : 'Activate'} ${name}`} onClick={() => attempt(change)}>
        {active ? 'Deactivate' : 'Activate'}
      </Button>
    </span>
  )
}
