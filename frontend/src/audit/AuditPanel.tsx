// The audit record: what happened, in order, hash-chained by Go.
import { Play, RotateCw, ScrollText } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { loadAudit, on, useLeftovers, type AuditView } from '../engine'
import { rankBy, RunSignIn } from '../commands'
import { attempt, clockTime, dateTime, Empty, IconButton, Tree } from '../ui'
import './audit.css'

export function AuditPanel() {
  const audit = useLeftovers((state) => state.audit)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState<number | null>(null)
  useEffect(() => {
    attempt(loadAudit)
    return on('audit', () => attempt(loadAudit))
  }, [])
  const shown = useMemo(() => {
    const newest = [...audit].reverse()
    return rankBy(newest, query, (entry) => [entry.type, entry.user ?? '', entry.flow ?? '', entry.ip ?? '', JSON.stringify(entry.data)], 30).slice(0, 500)
  }, [audit, query])
  const entry = shown.find((e) => e.seq === chosen)
  if (audit.length === 0) {
    return (
      <Empty icon={ScrollText} title="The record is empty" actions={<RunSignIn icon={Play} />}>
        Every run is recorded from its first request, the failed ones too. Nothing in a project can switch this off.
      </Empty>
    )
  }
  return (
    <div className="col grow">
      <div className="panel-bar">
        <input className="input audit-search" type="search" placeholder="Filter the record" aria-label="Filter the record" value={query} onChange={(event) => setQuery(event.target.value)} />
        <span className="faint small-text num">{shown.length} entries</span>
        <span className="grow" />
        <IconButton size="small" icon={RotateCw} label="Look again" onClick={() => attempt(loadAudit)} />
      </div>
      <div className="audit">
        <div className="scroll grow">
          <table className="table" aria-label="Audit record">
            <thead>
              <tr>
                <th>#</th>
                <th>Time</th>
                <th>What</th>
                <th>Flow</th>
                <th>User</th>
                <th>Address</th>
                <th>Details</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((e) => (
                <Row key={e.seq} entry={e} chosen={e.seq === chosen} onChoose={() => setChosen(e.seq === chosen ? null : e.seq)} />
              ))}
            </tbody>
          </table>
        </div>
        {entry && (
          <aside className="scroll audit-detail" aria-label={`Entry ${entry.seq}`}>
            <p className="dim small-text">
              Entry {entry.seq}, {dateTime(entry.at)}
              {entry.run && `, run ${entry.run}`}
            </p>
            <div className="tree" role="tree" aria-label="Details">
              {Object.entries(entry.data ?? {}).map(([name, value]) => (
                <Tree key={name} name={name} path={name} value={value} open={2} />
              ))}
            </div>
          </aside>
        )}
      </div>
    </div>
  )
}

function Row({ entry, chosen, onChoose }: { entry: AuditView; chosen: boolean; onChoose: () => void }) {
  return (
    <tr aria-selected={chosen} onClick={onChoose}>
      <td className="faint num">{entry.seq}</td>
      <td className="num">{clockTime(entry.at)}</td>
      <td>
        <button type="button" className="audit-type mono" onClick={(event) => (event.stopPropagation(), onChoose())}>
          {entry.type}
        </button>
      </td>
      <td>{entry.flow}</td>
      <td>{entry.user}</td>
      <td className="mono">{entry.ip}</td>
      <td className="audit-data mono">{brief(entry.data)}</td>
    </tr>
  )
}

function brief(data: Record<string, unknown> | null): string {
  return Object.entries(data ?? {})
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('  ')
}
