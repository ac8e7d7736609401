// Where a callout stands: beside what it speaks of, never over it, always in the
// window.

export interface Box {
  left: number
  top: number
  width: number
  height: number
}

export type Side = 'below' | 'above' | 'right' | 'left'

export interface Spot {
  side: Side
  left: number
  top: number
  /** Where the tip of the arrow is, along the side that touches. */
  arrow: number
}

const GAP = 10
const MARGIN = 8

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most))
}

/** The first side with room; below where none has. */
export function spotFor(target: Box, size: { width: number; height: number }, view: { width: number; height: number }): Spot {
  const right = target.left + target.width
  const bottom = target.top + target.height
  const room: Record<Side, boolean> = {
    below: bottom + GAP + size.height + MARGIN <= view.height,
    above: target.top - GAP - size.height >= MARGIN,
    right: right + GAP + size.width + MARGIN <= view.width,
    left: target.left - GAP - size.width >= MARGIN,
  }
  const side = (['below', 'above', 'right', 'left'] as const).find((s) => room[s]) ?? 'below'
  const middle = { x: target.left + target.width / 2, y: target.top + target.height / 2 }
  const upright = side === 'below' || side === 'above'
  const left = upright ? middle.x - size.width / 2 : side === 'right' ? right + GAP : target.left - GAP - size.width
  const top = !upright ? middle.y - size.height / 2 : side === 'below' ? bottom + GAP : target.top - GAP - size.height
  const spot = { left: Math.round(within(left, MARGIN, view.width - size.width - MARGIN)), top: Math.round(within(top, MARGIN, view.height - size.height - MARGIN)) }
  const arrow = upright ? within(middle.x - spot.left, 16, size.width - 16) : within(middle.y - spot.top, 16, size.height - 16)
  return { side, ...spot, arrow: Math.round(arrow) }
}
