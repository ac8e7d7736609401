import { describe, expect, it } from 'vitest'
import { addBlock, addConnected, applyFix, connect, disconnect, insertOnEdge, moveBlocks, reconnect, remove, removeAndReconnect, setConfig, setPath, setStart, setText, START_EDGE, type Edit } from '../src/document/edits'
import { edgesOf } from '../src/document/model'
import { loginDoc, lookup } from './catalogue'

const place = { x: 300, y: 100 }
const wires = (edit: Edit, doc = loginDoc()) => edgesOf(edit.apply(doc).flow).map((edge) => `${edge.from}.${edge.port}>${edge.to}`)

describe('adding', () => {
  it('places a block and makes the first of a flow its start', () => {
    const empty = { flow: { ...loginDoc().flow, blocks: {}, start: '' }, layout: { format: 1 as const, blocks: {} } }
    const after = addBlock({ id: 'log', block: { type: 'log', stage: 'pre_login' }, at: { x: 10.4, y: 20.6 } }, 'Log').apply(empty)
    expect(after.flow.start).toBe('log')
    expect(after.layout.blocks.log).toEqual({ x: 10, y: 21 })
  })

  it('connects a block that was added from a port', () => {
    const edit = addConnected({ id: 'log', block: { type: 'log', stage: 'pre_login' }, at: place }, 'Log', 'password', 'error')
    expect(wires(edit)).toContain('password.error>log')
  })

  it('leaves the document it was given alone', () => {
    const doc = loginDoc()
    const before = structuredClone(doc)
    insertOnEdge({ id: 'log', block: { type: 'log', stage: 'pre_login' }, at: place }, 'Log', 'sign_in:submitted', lookup).apply(doc)
    remove(['password']).apply(doc)
    expect(doc).toEqual(before)
  })
})

describe('inserting into a wire', () => {
  it('goes on through the good port, not through a bad one that comes first', () => {
    const edit = insertOnEdge({ id: 'check_2', block: { type: 'check', stage: 'pre_login' }, at: place }, 'Check', 'sign_in:submitted', lookup)
    expect(wires(edit)).toEqual(expect.arrayContaining(['sign_in.submitted>check_2', 'check_2.ok>password']))
    expect(wires(edit)).not.toContain('sign_in.submitted>password')
  })

  it('goes on through default where no port is good', () => {
    const edit = insertOnEdge({ id: 'decision', block: { type: 'decision', stage: 'pre_login' }, at: place }, 'Decision', 'sign_in:submitted', lookup)
    expect(wires(edit)).toContain('decision.default>password')
  })

  it('takes the start when it is put before the first block', () => {
    const after = insertOnEdge({ id: 'log', block: { type: 'log', stage: 'pre_login' }, at: place }, 'Log', START_EDGE, lookup).apply(loginDoc())
    expect(after.flow.start).toBe('log')
    expect(after.flow.blocks.log?.next).toEqual({ next: 'sign_in' })
  })

  it('does nothing on a wire that is gone', () => {
    const doc = loginDoc()
    expect(insertOnEdge({ id: 'log', block: { type: 'log', stage: 'pre_login' }, at: place }, 'Log', 'sign_in:nowhere', lookup).apply(doc)).toBe(doc)
  })
})

describe('connecting', () => {
  it('leads a port elsewhere, one wire a port', () => {
    expect(wires(connect('sign_in', 'submitted', 'no')).filter((wire) => wire.startsWith('sign_in'))).toEqual(['sign_in.submitted>no'])
  })

  it('does not lead to a block that is not there', () => {
    const doc = loginDoc()
    expect(connect('sign_in', 'submitted', 'ghost').apply(doc)).toBe(doc)
  })

  it('leaves no empty next behind', () => {
    expect('next' in (disconnect('sign_in', 'submitted').apply(loginDoc()).flow.blocks.sign_in ?? {})).toBe(false)
  })

  it('moves a wire to another source and target', () => {
    expect(wires(reconnect('password:failed', 'password', 'error', 'done'))).toEqual(expect.arrayContaining(['password.error>done']))
    expect(wires(reconnect('password:failed', 'password', 'error', 'done'))).not.toContain('password.failed>no')
  })
})

describe('deleting', () => {
  it('takes the wires along', () => {
    expect(wires(remove(['password']))).toEqual(['note.next>done'])
  })

  it('reconnects over a deleted chain', () => {
    expect(wires(removeAndReconnect(['password', 'note'], lookup))).toContain('sign_in.submitted>done')
  })

  it('gives the start to the heir', () => {
    expect(removeAndReconnect(['sign_in'], lookup).apply(loginDoc()).flow.start).toBe('password')
    expect(remove(['sign_in']).apply(loginDoc()).flow.start).toBe('')
  })

  it('never leads a block to itself', () => {
    const doc = connect('note', 'next', 'password').apply(connect('password', 'ok', 'note').apply(loginDoc()))
    const after = removeAndReconnect(['note'], lookup).apply(doc)
    expect(after.flow.blocks.password?.next?.ok).toBeUndefined()
  })

  it('comes to an end on a circle of deleted blocks', () => {
    const doc = connect('note', 'next', 'password').apply(loginDoc())
    expect(edgesOf(removeAndReconnect(['password', 'note'], lookup).apply(doc).flow)).toEqual([])
  })
})

describe('moving', () => {
  it('changes the stage of a card that lands in another lane', () => {
    const after = moveBlocks([{ id: 'note', stage: 'pre_login', at: { x: 400, y: 8 } }]).apply(loginDoc())
    expect(after.flow.blocks.note?.stage).toBe('pre_login')
    expect(after.layout.blocks.note).toEqual({ x: 400, y: 8 })
  })

  it('leaves the meaning alone when only the place changes', () => {
    const doc = loginDoc()
    const after = moveBlocks([{ id: 'note', stage: 'post_auth', at: { x: 400, y: 8 } }]).apply(doc)
    expect(after.flow).toBe(doc.flow)
  })
})

describe('settings', () => {
  const withRows = () => {
    const doc = loginDoc()
    doc.flow.blocks.note = { type: 'decision', stage: 'post_auth', config: { rows: [{ port: 'a', when: '1' }, { port: 'b', when: '2' }] }, next: { a: 'done', b: 'done', default: 'done' } }
    return doc
  }

  it('keeps the wire of a renamed outcome', () => {
    const after = setConfig('note', 'rows', [{ port: 'vip', when: '1' }, { port: 'b', when: '2' }], lookup('decision')).apply(withRows())
    expect(after.flow.blocks.note?.next).toEqual({ vip: 'done', b: 'done', default: 'done' })
  })

  it('drops the wire of a removed outcome and no other', () => {
    const after = setConfig('note', 'rows', [{ port: 'b', when: '2' }], lookup('decision')).apply(withRows())
    expect(after.flow.blocks.note?.next).toEqual({ b: 'done', default: 'done' })
  })

  it('keeps wires when rows change places', () => {
    const after = setConfig('note', 'rows', [{ port: 'b', when: '2' }, { port: 'a', when: '1' }], lookup('decision')).apply(withRows())
    expect(after.flow.blocks.note?.next).toEqual({ a: 'done', b: 'done', default: 'done' })
  })

  it('does not take the wire of a fixed port with a row of its name', () => {
    const doc = setConfig('note', 'rows', [{ port: 'default', when: '1' }], lookup('decision')).apply(withRows())
    const after = setConfig('note', 'rows', [], lookup('decision')).apply(doc)
    expect(after.flow.blocks.note?.next).toEqual({ default: 'done' })
  })

  it('leaves no empty config behind', () => {
    const doc = setConfig('password', 'max_attempts', 3, lookup('check')).apply(loginDoc())
    expect(doc.flow.blocks.password?.config).toEqual({ max_attempts: 3 })
    expect('config' in (setConfig('password', 'max_attempts', undefined, lookup('check')).apply(doc).flow.blocks.password ?? {})).toBe(false)
  })

  it('takes an emptied label away', () => {
    const doc = setText('note', 'label', 'Log it').apply(loginDoc())
    expect(doc.flow.blocks.note?.label).toBe('Log it')
    expect('label' in (setText('note', 'label', '').apply(doc).flow.blocks.note ?? {})).toBe(false)
  })

  it('only starts where there is a block', () => {
    const doc = loginDoc()
    expect(setStart('ghost').apply(doc)).toBe(doc)
    expect(setStart('note').apply(doc).flow.start).toBe('note')
  })
})

describe('fixes', () => {
  it('are one edit, whatever they hold', () => {
    const after = applyFix('Mend', [
      { op: 'set_config', block: 'password', field: 'deep.list.0', value: 1 },
      { op: 'disconnect', block: 'password', port: 'failed' },
      { op: 'delete_block', block: 'no' },
      { op: 'set_stage', block: 'note', stage: 'post_login' },
    ]).apply(loginDoc())
    expect(after.flow.blocks.password).toEqual({ type: 'check', stage: 'pre_login', next: { ok: 'note' }, config: { deep: { list: { '0': 1 } } } })
    expect(after.flow.blocks.no).toBeUndefined()
    expect(after.flow.blocks.note?.stage).toBe('post_login')
  })

  it('set values inside lists', () => {
    expect(setPath({ rows: [{ when: 'a' }, { when: 'b' }] }, ['rows', '1', 'when'], 'c')).toEqual({ rows: [{ when: 'a' }, { when: 'c' }] })
  })
})
