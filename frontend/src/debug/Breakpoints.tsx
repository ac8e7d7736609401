// All breakpoints of the project, and what else stops a run.
import { CircleDot, Pencil, Plus, X } from 'lucide-react'
import { clearBreakpoint, editStop, setBreakpoint, setCatching, stopLook, stopName, stopWords, useRuns, useStudio, viewedRun, type Breakpoint, type Catching } from '../engine'
import { fileTab, goToPlace, openTab } from '../document'
import { CommandKey, attempt, IconButton } from '../ui'

const happenings: [keyof Catching, string][] = [
  ['deny', 'denied'],
  ['error', 'error'],
  ['timeout', 'time-out'],
]

export function Breakpoints() {
  const breakpoints = useRuns((state) => state.breakpoints)
  const catching = useRuns((state) => state.catching)
  const hit = useRuns((state) => viewedRun(state)?.breakpoint)
  return (
    <section aria-label="Breakpoints">
      <h3 className="debug-title">
        <CircleDot size={13} aria-hidden />
        <span className="grow">Breakpoints</span>
        <IconButton size="small" icon={Plus} label="Add a breakpoint…" onClick={() => editStop({ kind: 'value', enabled: true })} />
      </h3>
      <div className="catching" role="group" aria-label="Stop wherever">
        <span className="faint">Stop on</span>
        {happenings.map(([what, words]) => (
          <label key={what}>
            <input type="checkbox" checked={catching[what]} onChange={(event) => attempt(() => setCatching({ [what]: event.target.checked }))} />
            {words}
          </label>
        ))}
      </div>
      {breakpoints.length === 0 ? (
        <p className="faint debug-none">None. <CommandKey command="run.breakpoint" /> sets one on the selected block, connection or line.</p>
      ) : (
        <ul className="debug-list">
          {breakpoints.map((stop) => (
            <Entry key={stop.id} stop={stop} hit={stop.id === hit} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Entry({ stop, hit }: { stop: Breakpoint; hit: boolean }) {
  const name = stopName(stop)
  const detail = stop.message || stop.condition || (stop.hit && `hit ${stop.hit}`)
  return (
    <li className={`stop-entry ${hit ? 'hit' : ''}`}>
      <div className="row" style={{ gap: 4 }}>
        <input type="checkbox" checked={stop.enabled} aria-label={`Breakpoint at ${name}`} onChange={(event) => attempt(() => setBreakpoint({ ...stop, enabled: event.target.checked }))} />
        <span className={`stop-mark ${stopLook(stop)}`} role="img" aria-label={stopWords(stop)} />
        <button type="button" className="debug-entry grow" onClick={() => attempt(() => goTo(stop))}>
          <span className="mono ellipsis grow">{name}</span>
          <span className="faint ellipsis">{stop.kind === 'block' || stop.kind === 'edge' ? stop.flow : stop.kind}</span>
        </button>
        <IconButton size="small" icon={Pencil} label={`Edit breakpoint at ${name}`} onClick={() => editStop(stop)} />
        <IconButton size="small" icon={X} label={`Remove breakpoint at ${name}`} onClick={() => attempt(() => clearBreakpoint(stop.id))} />
      </div>
      {detail && <p className="stop-detail mono ellipsis" title={detail}>{detail}</p>}
      {!stop.verified && <p className="stop-why">Cannot bind: {stop.why ?? 'its place is gone'}</p>}
    </li>
  )
}

async function goTo(stop: Breakpoint): Promise<void> {
  if (stop.kind === 'line') await goToPlace({ flow: '', block: '', file: stop.file, line: stop.line })
  else if (stop.kind === 'page' && useStudio.getState().project?.pages.some((page) => page.path === `pages/${stop.page}`)) openTab(fileTab(`pages/${stop.page}`))
  else if (stop.flow && stop.block) await goToPlace({ flow: stop.flow, block: stop.block })
}
