// A tidy that moves as little as it can. What stands well stays; what is in the
// way of others, above its source, or far from everything gets the nearest place
// that is right, and pushes others down only where that costs less. A lane in
// which most is wrong is laid out anew and shifted to where most of it was.
import type { Catalogue } from '../engine'
import { arrange } from './arrange'
import type { Edit, Lookup } from './edits'
import { asClosed } from './expanded'
import { stagesOf } from './lanes'
import type { Doc, Point } from './model'
import { snap } from './sizes'
import { spotFor, straightened } from './spots'
import { forwardWires, Standing, type Card } from './standing'
import { noteMoves } from './tidy-notes'

/** More turns than a drawing ever needed; each begins where the last one ended. */
const TURNS = 12
/** How many places are tried for one card, and for all of a turn. */
const MOST_TRIES = 160
const EFFORT = 6000

/** All blocks, or the given ones while the others stay, put in order. */
export function tidyUp(only: string[] | null, catalogue: Catalogue | null, lookup: Lookup): Edit {
  const label = only ? `Tidy up ${only.length} blocks` : 'Tidy up'
  return asClosed({ label, apply: (doc) => tidied(doc, catalogue, lookup, only && new Set(only)) }, lookup)
}

/** The blocks whose places differ. */
export function movedBlocks(before: Doc, after: Doc): string[] {
  return Object.keys(after.layout.blocks).filter((id) => {
    const [a, b] = [before.layout.blocks[id], after.layout.blocks[id]]
    return a?.x !== b?.x || a?.y !== b?.y
  })
}

function tidied(doc: Doc, catalogue: Catalogue | null, lookup: Lookup, only: ReadonlySet<string> | null): Doc {
  const { order, wires } = forwardWires(doc.flow)
  const rank = new Map(order.map((id, index) => [id, index]))
  const blocks: Record<string, Point> = { ...doc.layout.blocks }
  let changed = false
  for (const stage of stagesOf(doc.flow, catalogue)) {
    const standing = new Standing(doc, stage.id, wires, lookup)
    const lane = new Lane(standing, rank, (id) => !only || only.has(id), () => arrange(doc.flow, catalogue, lookup))
    lane.tidy()
    for (const [id, card] of standing.cards) {
      const old = blocks[id]
      if (old && old.x === card.x && old.y === card.y) continue
      blocks[id] = { x: card.x, y: card.y }
      changed = true
    }
  }
  const after = changed ? { ...doc, layout: { ...doc.layout, blocks } } : doc
  const notes = only ? null : noteMoves(doc, after, lookup)
  return notes ? { ...after, layout: { ...after.layout, notes } } : after
}

class Lane {
  constructor(
    private readonly standing: Standing,
    private readonly rank: ReadonlyMap<string, number>,
    private readonly movable: (id: string) => boolean,
    private readonly plain: () => Record<string, Point>,
  ) {}

  tidy(): void {
    const before = [...this.standing.cards.values()]
    for (let turn = 0; turn < TURNS; turn++) {
      const wrong = this.wrong()
      const tries = Math.min(MOST_TRIES, Math.max(12, Math.round(EFFORT / wrong.length)))
      for (const card of wrong) this.settle(card, tries)
      if (turn === 0 && wrong.length > 3) this.orAnew(before, wrong.length)
      if (!straightened(this.standing, this.movable) && wrong.length === 0) return
    }
  }

  /** Where much was wrong, a plain layout may move less than mending did; then it is taken. */
  private orAnew(before: Card[], wrong: number): void {
    const mended = [...this.standing.cards.values()]
    const free = before.filter((card) => this.movable(card.id))
    const cost = this.movement(before)
    for (const card of before) this.standing.put(card)
    this.layAnew(free)
    // Mending much leaves a picture that nobody drew.
    const worse = this.movement(before) > (wrong * 2 > free.length ? 1.5 : 1) * cost
    if (worse) for (const card of mended) this.standing.put(card)
  }

  private movement(before: Card[]): number {
    return before.reduce((sum, card) => {
      const now = this.standing.cards.get(card.id)!
      return sum + Math.abs(now.x - card.x) + Math.abs(now.y - card.y)
    }, 0)
  }

  /** The fewest cards that must move so that the others stand well, in the order of a run; they are taken away. */
  private wrong(): Card[] {
    const faults = new Map<string, number>()
    for (const card of this.standing.cards.values()) {
      const count = this.faultsOf(card)
      if (count > 0 && this.movable(card.id)) faults.set(card.id, count)
    }
    const taken: Card[] = []
    while (faults.size > 0) {
      const id = this.worst(faults)
      faults.delete(id)
      const card = this.standing.cards.get(id)!
      if (this.faultsOf(card) === 0) continue
      const others = [...this.standing.faults(card), ...this.standing.around(id)]
      this.standing.take(id)
      taken.push(card)
      for (const other of others) {
        if (!faults.has(other.id)) continue
        const count = this.faultsOf(other)
        if (count > 0) faults.set(other.id, count)
        else faults.delete(other.id)
      }
    }
    return taken.sort((a, b) => this.rankOf(a.id) - this.rankOf(b.id))
  }

  private faultsOf(card: Card): number {
    const strayed = this.standing.strayed(card)
    return this.standing.faults(card).length + strayed + (this.standing.alone(card) ? 1000 : 0)
  }

  /** The one with most faults, of equal ones the latest. */
  private worst(faults: ReadonlyMap<string, number>): string {
    let worst = ''
    let most = 0
    for (const [id, count] of faults) {
      if (count < most || (count === most && this.rankOf(id) < this.rankOf(worst))) continue
      worst = id
      most = count
    }
    return worst
  }

  private rankOf(id: string): number {
    return this.rank.get(id) ?? this.rank.size
  }

  /** Gives a card that was taken away the nearest place where it stands well. */
  private settle(card: Card, tries: number): void {
    const spot = spotFor(this.standing, card, this.movable, tries)
    for (const [id, y] of spot.pushed) this.standing.put({ ...this.standing.cards.get(id)!, y })
    this.standing.put({ ...card, x: spot.x, y: spot.y })
  }

  /** A plain layout of what may move, in the order in which it stood, shifted to where it was. */
  private layAnew(free: Card[]): void {
    const places = this.plain()
    const cards = free.filter((card) => places[card.id])
    const slots = inOrder(cards, places)
    const by = (axis: 'x' | 'y') => Math.max(0, middle(cards.map((card) => card[axis] - slots.get(card.id)![axis])))
    const [dx, dy] = [by('x'), by('y')]
    for (const card of cards) {
      const slot = slots.get(card.id)!
      this.standing.put({ ...card, x: slot.x + dx, y: slot.y + dy })
    }
  }
}

/** The places of a plain layout, those of one row handed out in the order in which the cards stand. */
function inOrder(cards: Card[], places: Record<string, Point>): Map<string, Point> {
  const rows = new Map<number, Card[]>()
  for (const card of cards) {
    const y = places[card.id]!.y
    rows.set(y, [...(rows.get(y) ?? []), card])
  }
  const slots = new Map<string, Point>()
  for (const row of rows.values()) {
    const free = row.map((card) => places[card.id]!).sort((a, b) => a.x - b.x)
    row.sort((a, b) => a.x - b.x || places[a.id]!.x - places[b.id]!.x)
    row.forEach((card, index) => slots.set(card.id, free[index]!))
  }
  return slots
}

/** The shift that moves the cards least: the middle one of all that they would like, on the grid. */
function middle(wishes: number[]): number {
  const sorted = [...wishes].sort((a, b) => a - b)
  return snap(sorted[Math.floor(sorted.length / 2)] ?? 0)
}
