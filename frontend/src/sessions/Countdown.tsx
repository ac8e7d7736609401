// Time that runs out. One clock for all of them, which stands still while nothing
// is shown; it follows the harness's clock, not only the wall's.
import { useSyncExternalStore } from 'react'
import { useBrowsing } from '../engine'
import { length } from '../ui'

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let second = 0

function tick(): void {
  if (document.hidden) return
  second = Math.floor(Date.now() / 1000)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  second = Math.floor(Date.now() / 1000)
  timer ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

export function Countdown({ until }: { until: string | null }) {
  const now = useSyncExternalStore(subscribe, () => second)
  const offset = useBrowsing((state) => state.world?.clock_offset ?? 0)
  const left = new Date(until ?? 0).getTime() / 1000 - now - offset
  if (until === null) return <span className="faint">no limit</span>
  if (Number.isNaN(left)) return <span className="faint">–</span>
  if (left <= 0) return <span className="badge warn">over</span>
  return <span className="num">{length(left)}</span>
}
