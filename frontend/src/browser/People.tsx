// The people the harness knows, and their passwords: one click fills the page.
import { UserRound } from 'lucide-react'
import { useBrowsing } from '../engine'
import { Button, Tip } from '../ui'

export function People({ onFill, active }: { onFill: (identifier: string, password: string) => void; active: boolean }) {
  const users = useBrowsing((state) => state.harness?.users)
  if (!users || users.length === 0) return null
  return (
    <div className="people" role="group" aria-label="Fill in a person">
      <span className="faint">Sign in as</span>
      {users.map((user) => (
        <Tip
          key={user.identifier}
          text={
            <>
              {user.identifier}, password {user.password}
              {user.factors.length > 0 && `, ${user.factors.join(', ')}`}
            </>
          }
        >
          <Button size="small" icon={UserRound} disabled={!active} aria-label={`Fill in ${user.name}`} onClick={() => onFill(user.identifier, user.password)}>
            {user.name.split(' ')[0]}
          </Button>
        </Tip>
      ))}
    </div>
  )
}
