import { describe, expect, it } from 'vitest'
import { EdgeDrawer, NodeDrawer } from '../src/canvas/nodes'
import { drawPieces } from '../src/canvas/pieces'
import { remove } from '../src/document/edits'
import { collapse, collapseBlocks, frameAround, groupOf, groupPlace, groupShape, groupsOf, groupWords } from '../src/document/groups'
import { lanesOf } from '../src/document/lanes'
import type { Doc } from '../src/document/model'
import { catalogue, loginDoc, lookup } from './catalogue'

function collapsed(blocks: string[]): Doc {
  const doc = loginDoc()
  return collapseBlocks(doc, blocks).edit.apply(doc)
}

const wires = (doc: Doc) => new EdgeDrawer().draw('login', doc, null, lookup).map((edge) => `${edge.id} ${edge.source}.${edge.sourceHandle}>${edge.target}`)
const drawn = (doc: Doc) => new NodeDrawer().draw({ slug: 'login', doc, lanes: lanesOf(doc, catalogue), selected: new Set(), held: null, lookup, lockOf: () => null })

describe('a collapsed frame', () => {
  it('is one step, kept in the layout alone, and expands to what was there', () => {
    const before = loginDoc()
    const doc = collapsed(['password', 'no'])
    expect(doc.flow).toEqual(before.flow)
    expect(doc.layout.frames).toEqual({ frame1: { title: 'Frame', blocks: ['password', 'no'], collapsed: true } })
    const after = collapse('frame1', false).apply(doc)
    expect(after.layout.frames).toEqual({ frame1: { title: 'Frame', blocks: ['password', 'no'] } })
    expect(after.layout.blocks).toEqual(before.layout.blocks)
    expect(collapse('frame1', false).apply(after)).toBe(after)
  })

  it('says how many blocks it holds and how many ways lead in and out', () => {
    const doc = collapsed(['password', 'no'])
    const [group] = groupsOf(doc)
    expect(groupWords(group!)).toBe('2 blocks · 1 way in · 1 way out')
    expect(groupOf(doc, 'no')).toBe(group)
    expect(groupOf(doc, 'note')).toBeUndefined()
    expect(groupPlace(doc, lanesOf(doc, catalogue), group!)).toEqual({ x: 56, y: 224 })
    expect(groupShape(doc, group!, lookup).ways).toMatchObject([{ to: 'note', title: 'ok', tone: 'good' }])
    expect(frameAround(doc, ['no'])).toBe('frame1')
  })

  it('is drawn in place of its blocks, with the wires led to and from it', () => {
    const doc = collapsed(['password', 'no'])
    expect(drawn(doc).map((node) => node.id)).toEqual(['sign_in', 'note', 'done', '@start'])
    expect(wires(doc)).toEqual(['sign_in:submitted sign_in.submitted>@frame:frame1', 'password:ok @frame:frame1.to:note>note', 'note:next note.next>done', '@start @start.out>sign_in'])
    const [card] = drawPieces('login', doc, lanesOf(doc, catalogue), lookup, null, null)
    expect(card).toMatchObject({ id: '@frame:frame1', type: 'collapsed', position: { x: 56, y: 224 } })
    expect(card?.handles?.map((handle) => handle.id)).toEqual(['in', 'to:note'])
    expect(card?.ariaLabel).toContain('password, ok, leads to note')
  })

  it('holds the first block, and the mark of the start goes to it', () => {
    const doc = collapsed(['sign_in', 'password'])
    expect(wires(doc)).toContain('@start @start.out>@frame:frame1')
    expect(drawn(doc).at(-1)).toMatchObject({ id: '@start', position: { y: 64 + 24 - 14 } })
  })

  it('shows many wires to one block as one way', () => {
    const doc = loginDoc()
    doc.flow.blocks.sign_in!.next = { submitted: 'no' }
    const after = collapseBlocks(doc, ['sign_in', 'password']).edit.apply(doc)
    expect(groupShape(after, groupsOf(after)[0]!, lookup).ways.map((way) => way.title)).toEqual(['2 ways to no', 'ok'])
  })

  it('does not hide a block twice, and goes when its blocks are deleted', () => {
    const doc = collapsed(['password', 'no'])
    doc.layout.frames!.frame2 = { title: 'Other', blocks: ['no', 'note'], collapsed: true }
    expect(groupsOf({ ...doc }).map((group) => group.blocks)).toEqual([['password', 'no'], ['note']])
    expect(groupsOf(remove(['password', 'no', 'note']).apply(doc))).toEqual([])
  })
})
