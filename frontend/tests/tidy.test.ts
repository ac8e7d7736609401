import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { arrange } from '../src/document/arrange'
import type { Doc } from '../src/document/model'
import { CARD_WIDTH, cardShape } from '../src/document/sizes'
import { movedBlocks, tidyUp } from '../src/document/tidy'
import { catalogue, loginDoc, lookup } from './catalogue'

const tidy = (doc: Doc, only: string[] | null = null) => tidyUp(only, catalogue, lookup).apply(doc)

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

function shipped(): { name: string; doc: Doc }[] {
  const root = join(import.meta.dirname, '../../projects/templates')
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /flows\/[^/]+\.layout\.json$/.test(path))
    .map((path) => ({
      name: path,
      doc: { layout: read(join(root, path)) as Doc['layout'], flow: read(join(root, path.replace('.layout', ''))) as Doc['flow'] },
    }))
}

/** A column of blocks that each lead to the next, side steps beside them. */
function column(count: number): Doc {
  const doc = loginDoc()
  const blocks: Doc['flow']['blocks'] = {}
  const places: Doc['layout']['blocks'] = {}
  for (let i = 0; i < count; i++) {
    blocks[`b${i}`] = { type: 'check', stage: 'pre_login', next: { ok: i + 1 < count ? `b${i + 1}` : 'end', failed: `no${i}` } }
    blocks[`no${i}`] = { type: 'deny', stage: 'pre_login' }
    places[`b${i}`] = { x: 56, y: 64 + i * 160 }
    places[`no${i}`] = { x: 352, y: 64 + i * 160 }
  }
  blocks.end = { type: 'issue', stage: 'post_login' }
  places.end = { x: 56, y: 64 }
  return { flow: { ...doc.flow, start: 'b0', blocks }, layout: { format: 1, blocks: places } }
}

function movement(before: Doc, places: Record<string, { x: number; y: number }>): number {
  return Object.entries(before.layout.blocks).reduce((sum, [id, at]) => sum + Math.abs(at.x - places[id]!.x) + Math.abs(at.y - places[id]!.y), 0)
}

function overlaps(doc: Doc): string[] {
  const cards = Object.entries(doc.flow.blocks).map(([id, block]) => ({ id, stage: block.stage, ...doc.layout.blocks[id]!, height: cardShape(block, lookup(block.type)).height }))
  return cards.flatMap((a, i) =>
    cards
      .slice(i + 1)
      .filter((b) => a.stage === b.stage && Math.abs(a.x - b.x) < CARD_WIDTH && a.y < b.y + b.height && b.y < a.y + a.height)
      .map((b) => `${a.id} and ${b.id}`),
  )
}

/** The same numbers each time. */
function dice(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648
}

describe('tidying up', () => {
  it('moves nothing where all stands well, in everything that is shipped', () => {
    for (const { name, doc } of shipped()) expect(movedBlocks(doc, tidy(doc)), name).toEqual([])
    const doc = column(6)
    expect(tidy(doc)).toBe(doc)
  })

  it('makes room for a block that was put on others, and leaves the rest', () => {
    const doc = column(8)
    doc.flow.blocks.new = { type: 'log', stage: 'pre_login', next: { next: 'b4' } }
    doc.flow.blocks.b3!.next!.ok = 'new'
    doc.layout.blocks.new = { x: 60, y: 64 + 3 * 160 + 90 }
    const after = tidy(doc)
    expect(overlaps(after)).toEqual([])
    const moved = movedBlocks(doc, after)
    expect(moved.length).toBeGreaterThan(0)
    for (const id of ['b0', 'b1', 'b2', 'b3', 'no0', 'no1', 'no2', 'no3']) expect(moved).not.toContain(id)
    expect(after.layout.blocks.new!.y).toBeGreaterThan(after.layout.blocks.b3!.y)
  })

  it('puts a block that stands above what leads to it below or beside it', () => {
    const doc = column(6)
    doc.layout.blocks.no5 = { x: 352, y: 64 - 160 }
    const after = tidy(doc)
    expect(movedBlocks(doc, after)).toEqual(['no5'])
    expect(after.layout.blocks.no5!.y).toBeGreaterThanOrEqual(after.layout.blocks.b5!.y - 64)
  })

  it('brings back what stands far from everything, and straightens what is almost in line', () => {
    const doc = column(4)
    doc.layout.blocks.no1 = { x: 4000, y: 64 + 160 }
    doc.layout.blocks.b2 = { x: 63, y: 64 + 2 * 160 - 5 }
    const after = tidy(doc)
    expect(movedBlocks(doc, after).sort()).toEqual(['b2', 'no1'])
    expect(after.layout.blocks.no1).toEqual({ x: 352, y: 64 + 160 })
    expect(after.layout.blocks.b2).toEqual({ x: 56, y: 64 + 2 * 160 })
  })

  it('moves the selection alone, and what is not selected stays even in the way', () => {
    const doc = column(6)
    doc.layout.blocks.no2 = { ...doc.layout.blocks.b2! }
    doc.layout.blocks.no4 = { ...doc.layout.blocks.b4! }
    expect(movedBlocks(doc, tidy(doc, ['no2']))).toEqual(['no2'])
    expect(movedBlocks(doc, tidy(doc, ['b2']))).not.toContain('no2')
    expect(tidy(doc, ['b0'])).toBe(doc)
  })

  it('takes a foreign block out of a frame', () => {
    const doc = column(6)
    doc.layout.frames = { f: { title: 'Both', blocks: ['b1', 'b3'] } }
    const after = tidy(doc)
    expect(movedBlocks(doc, after)).toContain('b2')
    expect(overlaps(after)).toEqual([])
  })

  it('takes a note along with the card it stands at, and off cards that it would cover', () => {
    const doc = column(4)
    doc.layout.blocks.no1 = { x: 4000, y: 224 }
    doc.layout.notes = {
      here: { stage: 'pre_login', x: 4000, y: 300, width: 224, height: 60, text: 'why' },
      over: { stage: 'pre_login', x: 60, y: 70, width: 224, height: 60, text: 'hidden' },
    }
    const { notes, blocks } = tidy(doc).layout
    expect(notes!.here!.x).toBe(blocks.no1!.x)
    expect(notes!.over!.y).toBeGreaterThan(64 + 80)
  })

  it('comes to rest, leaves no overlap, and moves less than a plain layout', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const roll = dice(seed)
      const doc = column(10)
      const disturbed = 1 + Math.floor(roll() * (seed % 3 === 0 ? 20 : 4))
      for (let i = 0; i < disturbed; i++) {
        const id = Object.keys(doc.layout.blocks)[Math.floor(roll() * 21)]!
        doc.layout.blocks[id] = { x: Math.round(roll() * 900), y: Math.round(roll() * 1800) }
      }
      const after = tidy(doc)
      expect(overlaps(after), `seed ${seed}`).toEqual([])
      expect(movedBlocks(after, tidy(after)), `seed ${seed}, again`).toEqual([])
      expect(movement(doc, after.layout.blocks), `seed ${seed}`).toBeLessThan(movement(doc, arrange(doc.flow, catalogue, lookup)))
    }
  })

  it('leaves no overlap where there is much', () => {
    const doc = column(600)
    const roll = dice(7)
    for (let i = 0; i < 1200; i += 7) doc.layout.blocks[i % 2 ? `b${i >> 1}` : `no${i >> 1}`] = { x: Math.round(roll() * 900), y: Math.round(roll() * 600 * 160) }
    const after = tidy(doc)
    expect(overlaps(after)).toEqual([])
  })
})
