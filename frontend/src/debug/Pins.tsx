// The blocks that are held to an outcome.
import { Pencil, Pin as PinIcon, X } from 'lucide-react'
import { setPin, useRuns } from '../engine'
import { goToPlace } from '../document'
import { attempt, IconButton } from '../ui'
import { openDebugSheet } from './sheets'

export function Pins() {
  const pins = useRuns((state) => state.pins)
  if (pins.length === 0) return null
  return (
    <section aria-label="Pinned outcomes">
      <h3 className="debug-title">
        <PinIcon size={13} aria-hidden />
        <span className="grow">Pinned outcomes</span>
      </h3>
      <ul className="debug-list">
        {pins.map((pin) => {
          const name = `${pin.block} → ${pin.port}`
          const go = () => goToPlace(pin)
          return (
            <li key={`${pin.flow}:${pin.block}`} className="stop-entry">
              <div className="row" style={{ gap: 4 }}>
                <input type="checkbox" checked={pin.enabled} aria-label={`Hold ${name}`} onChange={(event) => attempt(() => setPin({ ...pin, enabled: event.target.checked }))} />
                <button type="button" className="debug-entry grow" onClick={() => attempt(go)}>
                  <span className="mono ellipsis grow">{name}</span>
                  <span className="faint ellipsis">{pin.flow}</span>
                </button>
                <IconButton size="small" icon={Pencil} label={`Change the pin of ${pin.block}`} disabled={pin.why !== undefined} onClick={() => attempt(async () => (await go(), openDebugSheet('pin')))} />
                <IconButton size="small" icon={X} label={`Take the pin of ${pin.block} out`} onClick={() => attempt(() => setPin({ ...pin, port: '' }))} />
              </div>
              {pin.why && <p className="stop-why">Holds nothing: {pin.why}</p>}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
