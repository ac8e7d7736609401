// What is painted where in the window, for gestures that find no element there.
import type { Point } from '../../document'
import { viewHandle } from '../view'
import { cardAt, wireAt, type Scene } from './scene'

/** How near to a wire a point has to be, in pixels of the window. */
const REACH = 6

let shown: Scene | null = null

export function showPainted(scene: Scene | null): void {
  shown = scene
}

/** Nothing, where everything is real. */
export function paintedAt(client: Point, reach = REACH): { card: string | null; wire: string | null } {
  const handle = viewHandle()
  if (!shown || !handle) return { card: null, wire: null }
  const at = handle.toCanvas(client)
  const card = cardAt(shown, at)
  return { card: card?.id ?? null, wire: card ? null : (wireAt(shown, at, reach / handle.zoom())?.id ?? null) }
}
