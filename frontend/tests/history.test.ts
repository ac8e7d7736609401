import { beforeEach, describe, expect, it, vi } from 'vitest'
import { connect, insertOnEdge, moveBlocks, setText } from '../src/document/edits'
import { acceptFlow, edit, flowOf, redoEdit, select, takeTheirs, undoEdit } from '../src/document/store'
import { copyText, parseCopied, pasteBlocks } from '../src/document/clipboard'
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
    const copied = parseCopied(copyText(doc(), ['password', 'no', 'note']))!
    const { edit: paste, ids } = pasteBlocks(doc(), copied, stages, 24)
    edit(slug, paste)
    expect(ids).toEqual(['password_2', 'no_2', 'note_2'])
    expect(doc().flow.blocks.password_2?.next).toEqual({ ok: 'note_2', failed: 'no_2' })
    // A wire that left the copied blocks is not copied.
    expect(doc().flow.blocks.note_2?.next).toBeUndefined()
    expect(doc().layout.blocks.password_2).toEqual({ x: 80, y: 248 })
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
  it('of something else is refused', () => {
    for (const text of ['', 'hello', '{}', '{"authflow":"blocks","format":2,"blocks":{}}', '{"authflow":"blocks","format":1,"blocks":{"a":{}}}', 'null', '[]']) {
      expect(parseCopied(text)).toBeNull()
    }
  })

  it('goes into the first stage of a flow that has not the block’s own', () => {
    const copied = parseCopied(copyText(doc(), ['note']))!
    const after = pasteBlocks(doc(), copied, ['pre_issue'], 0).edit.apply(doc())
    expect(after.flow.blocks.note_2?.stage).toBe('pre_issue')
  })
})
