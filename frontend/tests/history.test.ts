import { beforeEach, describe, expect, it, vi } from 'vitest'
import { connect, insertOnEdge, moveBlocks, setText } from '../src/document/edits'
import { acceptFlow, edit, flowOf, redoEdit, select, takeTheirs, undoEdit } from '../src/document/store'
import { clashes, copyText, pasteBlocks, type Pasted } from '../src/document/clipboard'
import { loginDoc, lookup } from './catalogue'

const slug = 'login'
const stages = ['pre_login', 'post_auth', 'post_login']
const doc = () => flowOf(slug)!.doc

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  acceptFlow({ slug, ...loginDoc(), revision: 'r1' })
})

describe('undo', () => {
  it('restores the wire that an inserted block had split', () => {
    const before = doc()
    edit(slug, insertOnEdge({ id: 'log', block: { type: 'log', stage: 'pre_login' }, at: { x: 0, y: 0 } }, 'Log', 'sign_in:submitted', lookup))
    expect(doc().flow.blocks.sign_in?.next).toEqual({ submitted: 'log' })
    expect(undoEdit(slug)).toBe('Insert Log')
    expect(doc()).toEqual(before)
    expect(redoEdit(slug)).toBe('Insert Log')
    expect(doc().flow.blocks.log?.next).toEqual({ next: 'password' })
  })

  it('takes a burst of typing as one step, and two bursts as two', () => {
    for (const text of ['L', 'Lo', 'Log']) {
      edit(slug, setText('note', 'label', text))
      vi.advanceTimersByTime(200)
    }
    vi.advanceTimersByTime(5000)
    edit(slug, setText('note', 'label', 'Logs'))
    expect(flowOf(slug)?.history.past).toHaveLength(2)
    undoEdit(slug)
    expect(doc().flow.blocks.note?.label).toBe('Log')
    undoEdit(slug)
    expect(doc().flow.blocks.note?.label).toBeUndefined()
  })

  it('does not join typing in two fields', () => {
    edit(slug, setText('note', 'label', 'a'))
    edit(slug, setText('note', 'note', 'b'))
    expect(flowOf(slug)?.history.past).toHaveLength(2)
  })

  it('does not join what is typed after an undo with what was undone', () => {
    edit(slug, setText('note', 'label', 'a'))
    edit(slug, connect('password', 'error', 'no'))
    undoEdit(slug)
    edit(slug, setText('note', 'label', 'ab'))
    undoEdit(slug)
    expect(doc().flow.blocks.note?.label).toBe('a')
  })

  it('forgets the future when something new is done', () => {
    edit(slug, setText('note', 'label', 'a'))
    undoEdit(slug)
    edit(slug, connect('password', 'error', 'no'))
    expect(redoEdit(slug)).toBeNull()
  })

  it('remembers no step for an edit that changes nothing', () => {
    expect(edit(slug, moveBlocks([{ id: 'note', stage: 'post_auth', at: { x: 56, y: 64 } }]))).toBe(false)
    expect(flowOf(slug)?.history.past).toEqual([])
  })

  it('takes a paste of many blocks as one step', () => {
    const blocks: Pasted['blocks'] = { password_2: { type: 'check', stage: 'pre_login', next: { ok: 'note_2' } }, note_2: { type: 'log', stage: 'post_auth' } }
    const read: Pasted = { blocks, places: { password_2: { x: 56, y: 224 } } }
    expect(clashes(doc(), read)).toBe(false)
    edit(slug, pasteBlocks(read, stages, 24))
    expect(clashes(doc(), read)).toBe(true)
    expect(doc().flow.blocks.password_2).toEqual(blocks.password_2)
    expect(doc().layout.blocks).toMatchObject({ password_2: { x: 80, y: 248 }, note_2: { x: 24, y: 24 } })
    undoEdit(slug)
    expect(Object.keys(doc().flow.blocks)).toHaveLength(5)
  })

  it('brings back what was here before a reload from disk', () => {
    edit(slug, setText('note', 'label', 'mine'))
    const theirs = loginDoc()
    theirs.flow.name = 'Theirs'
    takeTheirs(slug, { slug, ...theirs, revision: 'r2' })
    expect(doc().flow.name).toBe('Theirs')
    expect(flowOf(slug)).toMatchObject({ revision: 'r2', save: 'saved' })
    undoEdit(slug)
    expect(doc().flow.blocks.note?.label).toBe('mine')
    expect(flowOf(slug)?.save).toBe('dirty')
  })
})

describe('selection', () => {
  it('is not history', () => {
    select(slug, ['note'])
    expect(flowOf(slug)?.history.past).toEqual([])
  })

  it('loses blocks that an undo takes away', () => {
    edit(slug, insertOnEdge({ id: 'log', block: { type: 'log', stage: 'pre_login' }, at: { x: 0, y: 0 } }, 'Log', 'sign_in:submitted', lookup))
    select(slug, ['log', 'note'])
    undoEdit(slug)
    expect(flowOf(slug)?.blocks).toEqual(['note'])
  })
})

describe('copied text', () => {
  it('says what it is, and where the blocks stood', () => {
    expect(JSON.parse(copyText(doc(), ['note', 'ghost']))).toEqual({ authflow: 'blocks', format: 1, blocks: { note: doc().flow.blocks.note }, layout: { note: doc().layout.blocks.note } })
  })

  it('goes into the first stage of a flow that has not the block’s own', () => {
    const after = pasteBlocks({ blocks: { log: { type: 'log', stage: 'post_auth' } }, places: {} }, ['pre_issue'], 0).apply(doc())
    expect(after.flow.blocks.log?.stage).toBe('pre_issue')
  })

  it('begins an empty flow where nothing leads to', () => {
    const empty = { flow: { ...doc().flow, blocks: {}, start: '' }, layout: { format: 1 as const, blocks: {} } }
    const blocks: Pasted['blocks'] = { b: { type: 'log', stage: 'pre_login' }, a: { type: 'log', stage: 'pre_login', next: { next: 'b' } } }
    expect(pasteBlocks({ blocks, places: {} }, stages, 0).apply(empty).flow.start).toBe('a')
  })
})
