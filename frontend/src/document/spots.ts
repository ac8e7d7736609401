// The nearest right place for one card: where it is free, or where the cards that
// are in the way can go down, whichever moves less in all. And the last touch:
// cards that stand almost in line are put in line.
import { GAP_X, GAP_Y } from './arrange'
import { LANE_PAD, LANE_TOP } from './lanes'
import type { Point } from './model'
import { CARD_WIDTH, snap } from './sizes'
import { CLEAR, follows, touch, type Card, type Standing } from './standing'

export interface Place extends Point {
  /** Cards that make room: their new heights. */
  pushed: Map<string, number>
}

const PITCH = CARD_WIDTH + GAP_X
const LEFTMOST = LANE_PAD / 2
/** How many cards may make room for one. */
const PUSHES = 60
/** What goes down together keeps its picture: it counts less than what leaves its column. */
const PUSH = 0.2
/** How much it counts to be near what leads here. */
const PULL = 0.5
const FAR = 480
/** What it costs to disturb a card at all. */
const DISTURB = 24

export function spotFor(standing: Standing, card: Card, movable: (id: string) => boolean, tries: number): Place {
  let best: { place: Place; cost: number } | null = null
  const sources = standing.before(card.id)
  for (const { at, cost } of candidates(standing, card, sources).slice(0, tries)) {
    if (best && cost >= best.cost) continue
    const spot = { ...at, height: card.height }
    if (standing.framed(spot, card.id) || standing.apart(spot, card.id)) continue
    const room = makeRoom(standing, { ...card, ...at }, movable, (best?.cost ?? Infinity) - cost)
    if (room) best = { place: { ...at, pushed: room.pushed }, cost: cost + room.cost }
  }
  return best?.place ?? { ...underAll(standing), pushed: new Map() }
}

/** Places that a person would think of, the nearest first. */
function candidates(standing: Standing, card: Card, sources: Card[]): { at: Point; cost: number; dear: number }[] {
  const targets = standing.after(card.id)
  const around = [card, ...sources, ...targets].flatMap((at) => standing.near(at, PITCH, card.id))
  const xs = new Set([card.x, LANE_PAD, ...sources.flatMap((s) => [s.x, s.x + PITCH]), ...targets.flatMap((t) => [t.x, t.x - PITCH]), ...around.flatMap((o) => [o.x, o.x + PITCH, o.x - PITCH])])
  const ys = new Set([card.y, LANE_TOP, ...[...sources, ...targets, ...around].flatMap((o) => [o.y, up(o.y + o.height + GAP_Y), down(o.y - card.height - GAP_Y)])])
  const found: { at: Point; cost: number; dear: number }[] = []
  for (const x of xs) {
    if (x < LEFTMOST) continue
    for (const y of ys) {
      if (y < Math.min(card.y < 0 ? LANE_TOP : card.y, LANE_TOP)) continue
      const at = { x, y }
      if (!sources.every((source) => follows(source, { ...at, height: card.height }))) continue
      const pull = sources.length > 0 ? Math.min(...sources.map((s) => Math.min(apart(at, { x: s.x, y: s.y + s.height + GAP_Y }), apart(at, { x: s.x + PITCH, y: s.y })))) : 0
      found.push({ at, cost: far(apart(at, card)) + PULL * pull, dear: dear(standing, { ...card, ...at }, targets) })
    }
  }
  return found.sort((a, b) => a.cost + a.dear - b.cost - b.dear)
}

/** What it would cost at least to push down what must come after a card that stands here. */
function dear(standing: Standing, card: Card, targets: Card[]): number {
  let cost = 0
  for (const target of targets) {
    if (!follows(card, target)) cost += PUSH * (card.y + card.height + GAP_Y - target.y) * standing.around(target.id).length
  }
  return cost
}

/** Who comes from far away may as well go a little further to the right place. */
function far(distance: number): number {
  return distance <= FAR ? distance : FAR + (distance - FAR) / 5
}

function apart(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y)
}

function up(y: number): number {
  return Math.ceil(y / 8) * 8
}

function down(y: number): number {
  return Math.floor(y / 8) * 8
}

function underAll(standing: Standing): Point {
  const bottoms = [...standing.cards.values()].map((card) => card.y + card.height + GAP_Y)
  return { x: LANE_PAD, y: up(Math.max(LANE_TOP, ...bottoms)) }
}

/** Who goes down so that the card can stand there and all stand well; null when that cannot be had for less. */
function makeRoom(standing: Standing, card: Card, movable: (id: string) => boolean, limit: number): { pushed: Map<string, number>; cost: number } | null {
  const lowered = new Map<string, Card>()
  const queue = [card]
  let cost = 0
  for (let source = queue.shift(); source; source = queue.shift()) {
    const now = lowered.get(source.id) ?? source
    if (now !== card && touch(now, card, CLEAR)) return null
    for (const [other, y] of displaced(standing, now, lowered)) {
      if (other.y >= y) continue
      cost += PUSH * (y - other.y) + (lowered.has(other.id) ? 0 : DISTURB)
      if (!movable(other.id) || lowered.size > PUSHES || cost >= limit) return null
      const lower = { ...other, y }
      lowered.set(other.id, lower)
      queue.push(lower)
    }
  }
  return cost < limit ? { pushed: new Map([...lowered].map(([id, at]) => [id, at.y])), cost } : null
}

/** The cards that cannot stay where they are beside this one, and where they would go. */
function displaced(standing: Standing, source: Card, lowered: ReadonlyMap<string, Card>): [Card, number][] {
  const under = up(source.y + source.height + GAP_Y)
  const found: [Card, number][] = []
  for (const other of standing.near(source, CLEAR, source.id)) if (!lowered.has(other.id)) found.push([other, under])
  for (const other of lowered.values()) if (other.id !== source.id && touch(source, other, CLEAR)) found.push([other, under])
  for (const next of standing.after(source.id)) {
    const other = lowered.get(next.id) ?? next
    if (!follows(source, other)) found.push([other, other.x >= source.x + CARD_WIDTH + CLEAR ? source.y : under])
  }
  return found
}

/** Cards that stand almost in line are put in line; false when all were already. */
export function straightened(standing: Standing, movable: (id: string) => boolean): boolean {
  let any = false
  for (const axis of ['x', 'y'] as const) {
    for (const line of lines([...standing.cards.values()], axis)) any = level(standing, line, axis, movable) || any
  }
  return any
}

/** How far from each other cards are that are meant to be in line. */
const ALMOST = 20

function lines(cards: Card[], axis: 'x' | 'y'): Card[][] {
  const found: Card[][] = []
  for (const card of cards.sort((a, b) => a[axis] - b[axis])) {
    const line = found.at(-1)
    if (line && card[axis] - line[0]![axis] <= ALMOST) line.push(card)
    else found.push([card])
  }
  return found.filter((line) => line[0]![axis] !== line.at(-1)![axis])
}

function offGrid(value: number): number {
  return Math.abs(value - snap(value))
}

/** Puts a line where most of it is, and of equal ones where those are that may not move. */
function level(standing: Standing, line: Card[], axis: 'x' | 'y', movable: (id: string) => boolean): boolean {
  const votes = new Map<number, number>()
  for (const card of line) votes.set(card[axis], (votes.get(card[axis]) ?? 0) + (movable(card.id) ? 1 : 1.5))
  const to = [...votes].sort((a, b) => b[1] - a[1] || offGrid(a[0]) - offGrid(b[0]) || a[0] - b[0])[0]![0]
  let any = false
  for (const card of line) {
    if (card[axis] === to || !movable(card.id)) continue
    const moved = { ...card, [axis]: to }
    if (standing.near(moved, CLEAR, card.id).length > 0 || !standing.ordered(moved, card.id) || standing.framed(moved, card.id)) continue
    standing.put(moved)
    any = true
  }
  return any
}
