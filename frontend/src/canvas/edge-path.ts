// The line of a wire. Forwards it is a calm curve into the left side of the next
// card; to a card below or behind, it goes round the right side and in from above.
import { CARD_WIDTH, IN_PORT_Y, type Point } from '../document'

/** Half of the incoming port: a wire ends where the port begins. */
const PORT = 6
const FORWARD = 10
const ABOVE = 20

export interface Wire {
  from: Point
  /** The left edge of the target's incoming port. */
  to: Point
  /** Leaves from the lower edge of its card. */
  down: boolean
  /** How far out it turns, so that wires side by side do not run over each other. */
  channel: number
}

export function wirePath({ from, to, down, channel }: Wire, far: boolean): string {
  if (far) return `M${from.x},${from.y}L${to.x},${to.y}`
  const forward = to.x >= from.x + FORWARD
  if (forward && !down) {
    const dx = to.x - from.x
    const bend = Math.min(Math.max(dx * 0.45, 8), 140)
    return `M${from.x},${from.y}C${from.x + bend},${from.y} ${to.x - bend},${to.y} ${to.x},${to.y}`
  }
  if (forward && to.y >= from.y + 16) return rounded([from, { x: from.x, y: to.y }, to])
  const top = { x: to.x + PORT + CARD_WIDTH / 2, y: to.y - IN_PORT_Y - 1 }
  if (down && top.y >= from.y + ABOVE) {
    const y = top.y - ABOVE
    return rounded([from, { x: from.x, y }, { x: top.x, y }, top])
  }
  // A wire that passes other cards keeps clear of the wires of those.
  const pass = Math.abs(top.y - from.y) > 180 ? 12 : 0
  const out = (down ? from.x + 40 : from.x) + 14 + pass + channel * 8
  const y = top.y - ABOVE + Math.min(channel, 2) * 5
  if (down) return rounded([from, { x: from.x, y: from.y + 16 }, { x: out, y: from.y + 16 }, { x: out, y }, { x: top.x, y }, top])
  return rounded([from, { x: out, y: from.y }, { x: out, y }, { x: top.x, y }, top])
}

/** Straight pieces with round corners. */
function rounded(points: Point[], radius = 10): string {
  const first = points[0]!
  let path = `M${first.x},${first.y}`
  for (let i = 1; i < points.length - 1; i++) {
    const before = points[i - 1]!
    const corner = points[i]!
    const after = points[i + 1]!
    const r = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2)
    const a = towards(corner, before, r)
    const b = towards(corner, after, r)
    path += `L${a.x},${a.y}Q${corner.x},${corner.y} ${b.x},${b.y}`
  }
  const last = points[points.length - 1]!
  return `${path}L${last.x},${last.y}`
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function towards(from: Point, to: Point, by: number): Point {
  const d = distance(from, to)
  return d === 0 ? from : { x: from.x + ((to.x - from.x) * by) / d, y: from.y + ((to.y - from.y) * by) / d }
}
