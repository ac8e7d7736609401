// A breakpoint on a wire: where it leaves its card, so that it is plain which
// outcome stops.
import { stopLook, stopWords, type Breakpoint } from '../engine'

const AWAY = 18

export function StopOnWire({ stop, x, y, down }: { stop: Breakpoint; x: number; y: number; down: boolean }) {
  const at = down ? { x, y: y + AWAY } : { x: x + AWAY, y }
  const look = stopLook(stop)
  const words = `${stopWords(stop)} on ${stop.block} → ${stop.port}`
  return (
    <g className={`wire-stop ${look}`} role="img" aria-label={words} transform={`translate(${at.x} ${at.y})`}>
      <title>{words}</title>
      {look === 'log' || look === 'conditional' ? <path d="M0,-7L7,0L0,7L-7,0z" /> : <circle r={6} />}
      {look === 'unbound' && <path className="wire-stop-why" d="M0,-3.2V1M0,2.8V3.2" />}
    </g>
  )
}
