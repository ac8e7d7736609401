// The call stack: flow, subflow, functions of an Action. A frame shows its values
// and its place.
import { Layers, RotateCcw } from 'lucide-react'
import { call, isLive, useRuns, viewFrame, type Place, type RunView } from '../engine'
import { goToPlace } from '../document'
import { attempt, IconButton } from '../ui'

export function Stack({ run, stack, past }: { run: RunView; stack: Place[]; past: boolean }) {
  const frame = useRuns((state) => state.frame)
  const choose = (index: number, place: Place) => {
    if (!past) viewFrame(index)
    attempt(() => goToPlace(place))
  }
  const inAction = stack.filter((place) => place.file).length
  const back = !past && (run.status === 'paused' || run.status === 'waiting')
  return (
    <section aria-label="Call stack">
      <h3 className="debug-title">
        <Layers size={13} aria-hidden />
        Call stack
      </h3>
      {stack.length === 0 ? (
        <p className="faint debug-none">{isLive(run) ? 'Between two blocks.' : 'This run has ended.'}</p>
      ) : (
        <ol className="debug-list">
          {stack.map((place, index) => (
            <li key={index} className="debug-frame">
              <button type="button" className={`debug-entry grow ${index === 0 ? 'top' : ''}`} aria-current={!past && index === frame ? 'true' : undefined} onClick={() => choose(index, place)}>
                <span className="mono ellipsis grow">{place.file ? (place.function ?? '(top level)') : place.block}</span>
                <span className="faint ellipsis">{place.file ? `${place.file}:${place.line}` : place.flow}</span>
              </button>
              {back && !place.file && <IconButton size="small" icon={RotateCcw} label={`Back to before ${place.block} in ${place.flow}`} onClick={() => attempt(() => call('debug.restart_frame', { run: run.id, frame: index - inAction }))} />}
              {place.unreadable && <p className="debug-unreadable faint">{place.unreadable}</p>}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
