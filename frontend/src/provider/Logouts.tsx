// Back-channel logouts: which client was told, and how that went.
import { BellRing } from 'lucide-react'
import { useProvider, type LogoutView } from '../engine'
import { clockTime, Empty, plural } from '../ui'

const looks: Record<LogoutView['state'], string> = { delivered: 'good', waiting: 'info', failed: 'bad' }

export function Logouts() {
  const logouts = useProvider((state) => state.logouts)
  if (logouts.length === 0) {
    return (
      <Empty icon={BellRing} title="No client was told of a logout">
        Give a client in clients.yaml a backchannel_logout_uri, sign in through it, and end the session: each delivery stands here, with its retries and what the client answered.
      </Empty>
    )
  }
  return (
    <div className="scroll grow">
      <table className="table" aria-label="Logouts that clients were told of">
        <thead>
          <tr>
            <th>Ended</th>
            <th>Client</th>
            <th>State</th>
            <th>Tries</th>
            <th>Session</th>
          </tr>
        </thead>
        <tbody>
          {[...logouts].reverse().map((l) => (
            <tr key={l.id}>
              <td className="num">{clockTime(l.at)}</td>
              <td>
                <span className="cell-main">{l.client_id}</span>
                <span className="cell-sub ellipsis mono" title={l.uri}>
                  {l.uri}
                </span>
              </td>
              <td>
                <span className={`badge ${looks[l.state]}`}>{l.state}</span>
                {l.last_error && <span className="cell-sub">{l.last_error}</span>}
              </td>
              <td>
                {plural(l.attempts, 'try', 'tries')}
                {l.next && <span className="cell-sub">again at {clockTime(l.next)}</span>}
              </td>
              <td className="mono">{l.session_id}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
