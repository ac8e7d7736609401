import { describe, expect, it } from 'vitest'
import { allClosed, asClosed, closeCard, expandCard, sizeOf } from '../src/document/expanded'
import { remove } from '../src/document/edits'
import { lanesOf } from '../src/document/lanes'
import type { Doc } from '../src/document/model'
import { catalogue, lookup } from './catalogue'

const size = { width: 480, height: 240 }

function doc(): Doc {
  const block = (stage: string) => ({ type: 'log_event', stage, next: {} })
  return {
    flow: { format: 1, name: 'F', trigger: 'login', enabled: true, start: 'a', blocks: { a: block('pre_login'), beside: block('pre_login'), behind: block('pre_login'), under: block('pre_login'), apart: block('pre_login'), other: block('post_auth') } },
    layout: { format: 1, blocks: { a: { x: 56, y: 64 }, beside: { x: 352, y: 64 }, behind: { x: 640, y: 100 }, under: { x: 56, y: 200 }, apart: { x: 352, y: 700 }, other: { x: 56, y: 64 } } },
  }
}

describe('a card that shows its flow inside', () => {
  it('makes room as one step, moving only what is in the way and what that meets', () => {
    const before = doc()
    const open = expandCard('a', size, 'A', lookup).apply(before)
    const moved = open.layout.expanded?.a?.moved ?? {}
    expect(Object.keys(moved).sort()).toEqual(['behind', 'beside', 'under'])
    expect(moved.beside).toEqual({ x: 256, y: 0 })
    expect(moved.behind).toEqual(moved.beside)
    expect(moved.under?.x).toBe(0)
    expect(open.layout.blocks.beside!.x - (56 + 480)).toBe(72)
    for (const id of ['a', 'apart', 'other']) expect(open.layout.blocks[id]).toEqual(before.layout.blocks[id])
    expect(open.flow).toBe(before.flow)
    expect(sizeOf(open, 'a', lookup)).toMatchObject(size)
    const [lane, next] = lanesOf(open, catalogue)
    expect(next!.x).toBe(lane!.width)
  })

  it('gives all of it back when it is closed, also what was moved meanwhile', () => {
    const before = doc()
    const open = expandCard('a', size, 'A', lookup).apply(before)
    expect(closeCard('a', 'A').apply(open)).toEqual(before)
    const dragged: Doc = { ...open, layout: { ...open.layout, blocks: { ...open.layout.blocks, beside: { x: open.layout.blocks.beside!.x + 8, y: 72 } } } }
    expect(closeCard('a', 'A').apply(dragged).layout.blocks.beside).toEqual({ x: 360, y: 72 })
  })

  it('goes with its block, and an edit of the whole drawing sees it closed', () => {
    const open = expandCard('a', size, 'A', lookup).apply(doc())
    expect(remove(['a']).apply(open).layout.expanded).toBeUndefined()
    expect(remove(['under']).apply(open).layout.expanded?.a?.moved).not.toHaveProperty('under')
    expect(allClosed(open)).toEqual(doc())
    const seen: Doc[] = []
    const same = asClosed({ label: 'Look', apply: (d) => (seen.push(d), d) }, lookup).apply(open)
    expect(same).toBe(open)
    expect(seen).toEqual([doc()])
    const down = asClosed({ label: 'Down', apply: (d) => ({ ...d, layout: { ...d.layout, blocks: { ...d.layout.blocks, apart: { x: 352, y: 800 } } } }) }, lookup).apply(open)
    expect(down.layout.expanded?.a).toEqual(open.layout.expanded?.a)
    expect(down.layout.blocks.apart).toEqual({ x: 352, y: 800 })
  })
})
