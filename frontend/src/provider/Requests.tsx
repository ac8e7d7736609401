// What clients asked of the provider, the latest first, secrets left out by Go.
import { Play, Radio, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { clearRequests, useProvider, type RecordedRequest } from '../engine'
import { RunSignIn } from '../commands'
import { attempt, Button, clockTime, Empty } from '../ui'

export function Requests() {
  const requests = useProvider((state) => state.requests)
  const [chosen, setChosen] = useState<number | null>(null)
  if (requests.length === 0) {
    return (
      <Empty icon={Radio} title="Nobody asked yet" actions={<RunSignIn icon={Play} />}>
        Point your application at the issuer, or run the login flow: each request of a client stands here, with its parameters and what became of it.
      </Empty>
    )
  }
  const request = requests.find((r) => r.seq === chosen)
  return (
    <div className="provider-requests">
      <div className="scroll grow col">
        <div className="row provider-list-head">
          <h2 className="section-title grow">Recorded requests</h2>
          <Button size="small" icon={Trash2} onClick={() => attempt(clearRequests)}>
            Clear
          </Button>
        </div>
        <table className="table" aria-label="Recorded requests">
          <thead>
            <tr>
              <th>Time</th>
              <th>Endpoint</th>
              <th>Client</th>
              <th>Outcome</th>
            </tr>
          </thead>
          <tbody>
            {requests.map((r) => (
              <tr key={r.seq} aria-selected={r.seq === chosen} onClick={() => setChosen(r.seq)}>
                <td className="num">{clockTime(r.at)}</td>
                <td>
                  <button type="button" className="link mono" aria-pressed={r.seq === chosen} onClick={() => setChosen(r.seq)}>
                    {r.method} {r.endpoint}
                  </button>
                </td>
                <td className="mono">{r.client_id}</td>
                <td>
                  <span className={`badge ${r.status >= 400 || r.outcome === 'fault' ? 'bad' : 'good'}`}>{r.status}</span> {r.outcome}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <aside className="scroll provider-detail" aria-label="The request" tabIndex={0}>
        {request ? <Detail request={request} /> : <p className="faint">Choose a request to see its parameters.</p>}
      </aside>
    </div>
  )
}

function Detail({ request }: { request: RecordedRequest }) {
  const params = Object.entries(request.params ?? {}).sort(([a], [b]) => a.localeCompare(b))
  return (
    <>
      <h2 className="cell-main mono">
        {request.method} {request.path}
      </h2>
      <p className="faint small-text">
        {clockTime(request.at)}, answered {request.status} ({request.outcome})
      </p>
      {params.length === 0 ? (
        <p className="faint">It had no parameters.</p>
      ) : (
        <dl className="facts">
          {params.map(([name, values]) => (
            <div key={name} className="provider-fact">
              <dt className="mono">{name}</dt>
              <dd className="mono">{values.join(' ')}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}
