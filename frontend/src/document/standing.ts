// How the cards of one lane stand: which are in each other's way, which stand
// above what leads to them, and what is free. A tidy asks this again and again,
// so the cards are found by where they are.
import type { Flow } from '../engine'
import { forwardEdges, reachOrder } from './arrange'
import type { Lookup } from './edits'
import type { Doc } from './model'
import { CARD_WIDTH, cardShape } from './sizes'

export interface Card {
  id: string
  x: number
  y: number
  height: number
}

export interface Spot {
  x: number
  y: number
  height: number
}

/** The least room between two cards. */
export const CLEAR = 16
/** How much higher than its source a card to the right of it may stand. */
const BESIDE = 200
/** A card that has nothing so near stands apart. */
const APART = 480
const FRAME_EDGE = 8
/** How many blocks before and after it tell whether a card strayed. */
const REACH = 12
const CELL = 256

/** The forward wires of a whole flow, found once for all its lanes. */
export function forwardWires(flow: Flow): { order: string[]; wires: { from: string; to: string }[] } {
  const order = reachOrder(flow)
  return { order, wires: forwardEdges(flow, order) }
}

export class Standing {
  readonly cards = new Map<string, Card>()
  private readonly cells = new Map<string, Set<Card>>()
  private readonly leads = new Map<string, string[]>()
  private readonly led = new Map<string, string[]>()
  private readonly frames: string[][]

  constructor(doc: Doc, stage: string, wires: { from: string; to: string }[], lookup: Lookup) {
    const mine = (id: string) => doc.flow.blocks[id]?.stage === stage
    for (const [id, block] of Object.entries(doc.flow.blocks)) {
      const at = doc.layout.blocks[id]
      if (block.stage === stage && at) this.put({ id, ...at, height: cardShape(block, lookup(block.type, block.config)).height })
    }
    for (const { from, to } of wires) {
      if (!mine(from) || !mine(to) || from === to) continue
      this.leads.set(from, [...(this.leads.get(from) ?? []), to])
      this.led.set(to, [...(this.led.get(to) ?? []), from])
    }
    this.frames = Object.values(doc.layout.frames ?? {}).map((frame) => frame.blocks.filter(mine)).filter((ids) => ids.length > 0)
  }

  put(card: Card): void {
    this.take(card.id)
    this.cards.set(card.id, card)
    for (const key of cellsOf(card, 0)) {
      const cell = this.cells.get(key)
      if (cell) cell.add(card)
      else this.cells.set(key, new Set([card]))
    }
  }

  take(id: string): Card | undefined {
    const card = this.cards.get(id)
    if (!card) return undefined
    this.cards.delete(id)
    for (const key of cellsOf(card, 0)) this.cells.get(key)?.delete(card)
    return card
  }

  /** What comes next in this lane, or came before, loops left out; over blocks that are taken away. */
  after(id: string): Card[] {
    return this.next(id, this.leads)
  }

  before(id: string): Card[] {
    return this.next(id, this.led)
  }

  private next(id: string, ways: ReadonlyMap<string, string[]>): Card[] {
    const found: Card[] = []
    const seen = new Set([id])
    for (const at of seen) {
      const card = at === id ? undefined : this.cards.get(at)
      if (card) found.push(card)
      else for (const next of ways.get(at) ?? []) seen.add(next)
    }
    return found
  }

  private known(ids: string[]): Card[] {
    return ids.flatMap((id) => this.cards.get(id) ?? [])
  }

  /** Cards that a card at this spot would touch, or come too near to. */
  near(spot: Spot, pad: number, but: string): Card[] {
    const found = new Set<Card>()
    for (const key of cellsOf(spot, pad)) {
      for (const card of this.cells.get(key) ?? []) if (card.id !== but && touch(spot, card, pad)) found.add(card)
    }
    return [...found]
  }

  /** Whether the spot lies in a frame that is not around this block. */
  framed(spot: Spot, id: string): boolean {
    return this.frames.some((ids) => {
      if (ids.includes(id)) return false
      const cards = this.known(ids)
      if (cards.length === 0) return false
      const left = Math.min(...cards.map((card) => card.x)) - FRAME_EDGE
      const right = Math.max(...cards.map((card) => card.x)) + CARD_WIDTH + FRAME_EDGE
      const top = Math.min(...cards.map((card) => card.y)) - FRAME_EDGE
      const bottom = Math.max(...cards.map((card) => card.y + card.height)) + FRAME_EDGE
      return spot.x < right && spot.x + CARD_WIDTH > left && spot.y < bottom && spot.y + spot.height > top
    })
  }

  apart(spot: Spot, id: string): boolean {
    return this.cards.size > (this.cards.has(id) ? 1 : 0) && this.near(spot, APART, id).length === 0
  }

  /** Whether the cards that it is wired to let a block stand here. */
  ordered(spot: Spot, id: string): boolean {
    return this.before(id).every((card) => follows(card, spot)) && this.after(id).every((card) => follows(spot, card))
  }

  /** The cards that this one stands wrongly with: too near, or in the wrong order. */
  faults(card: Card): Card[] {
    const wrong = new Set(this.near(card, CLEAR, card.id))
    for (const other of this.before(card.id)) if (!follows(other, card)) wrong.add(other)
    for (const other of this.after(card.id)) if (!follows(card, other)) wrong.add(other)
    return [...wrong]
  }

  /** How many of the blocks before and after it stand on the wrong side, where it is most of them. */
  strayed(card: Card): number {
    const [later, earlier] = [this.reach(card.id, this.leads), this.reach(card.id, this.led)]
    const wrong = later.filter((other) => other.y < card.y - BESIDE).length + earlier.filter((other) => other.y > card.y + BESIDE).length
    return wrong > 1 && wrong * 2 >= later.length + earlier.length ? wrong : 0
  }

  /** The blocks shortly before and after it. */
  around(id: string): Card[] {
    return [...this.reach(id, this.leads), ...this.reach(id, this.led)]
  }

  private reach(id: string, ways: ReadonlyMap<string, string[]>): Card[] {
    const seen = new Set<string>([id])
    for (const at of seen) {
      for (const next of ways.get(at) ?? []) seen.add(next)
      if (seen.size > REACH) break
    }
    seen.delete(id)
    return this.known([...seen])
  }

  /** Wrong by itself: out of the lane, far from everything, or in a frame of others. */
  alone(card: Card): boolean {
    return card.x < 0 || card.y < 0 || this.apart(card, card.id) || this.framed(card, card.id)
  }
}

/** A card that is led to stands below its source, or beside it on the right. */
export function follows(source: Spot, target: Spot): boolean {
  if (target.y >= source.y + source.height + CLEAR) return true
  return target.x >= source.x + CARD_WIDTH + CLEAR && target.y >= source.y - BESIDE
}

export function touch(a: Spot, b: Spot, pad: number): boolean {
  return Math.abs(a.x - b.x) < CARD_WIDTH + pad && a.y < b.y + b.height + pad && b.y < a.y + a.height + pad
}

function cellsOf(spot: Spot, pad: number): string[] {
  const keys: string[] = []
  for (let x = Math.floor((spot.x - pad) / CELL); x <= Math.floor((spot.x + CARD_WIDTH + pad) / CELL); x++) {
    for (let y = Math.floor((spot.y - pad) / CELL); y <= Math.floor((spot.y + spot.height + pad) / CELL); y++) keys.push(`${x}:${y}`)
  }
  return keys
}
