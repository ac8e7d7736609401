// All breakpoints of the project.
import { CircleDot, X } from 'lucide-react'
import { clearBreakpoint, setBreakpoint, useRuns } from '../engine'
import { goToBlock } from '../document'
import { attempt, IconButton } from '../ui'

export function Breakpoints() {
  const breakpoints = useRuns((state) => state.breakpoints)
  return (
    <section aria-label="Breakpoints">
      <h3 className="debug-title">
        <CircleDot size={13} aria-hidden />
        Breakpoints
      </h3>
      {breakpoints.length === 0 ? (
        <p className="faint debug-none">None. F9 sets one on the selected block.</p>
      ) : (
        <ul className="debug-list">
          {breakpoints.map((stop) => (
            <li key={stop.id} className="row" style={{ gap: 4 }}>
              <input
                type="checkbox"
                checked={stop.enabled}
                aria-label={`Breakpoint at ${stop.block}`}
                onChange={(event) => attempt(() => setBreakpoint({ ...stop, enabled: event.target.checked }))}
              />
              <button type="button" className="debug-entry grow" onClick={() => attempt(() => goToBlock(stop.flow ?? '', stop.block ?? ''))}>
                <span className="mono ellipsis grow">{stop.block}</span>
                <span className="faint ellipsis">{stop.verified ? stop.flow : 'cannot bind'}</span>
              </button>
              <IconButton size="small" icon={X} label={`Remove breakpoint at ${stop.block}`} onClick={() => attempt(() => clearBreakpoint(stop.id))} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
