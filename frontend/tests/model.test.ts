import { describe, expect, it } from 'vitest'
import { arrange, arrangeMissing, stackAbove, standFree } from '../src/document/arrange'
import { freshId, ID_PATTERN, idProblem, toIdentifier } from '../src/document/ids'
import { intoLane, laneAt, lanesOf, placeOf } from '../src/document/lanes'
import { mainPort, portsOf } from '../src/document/ports'
import { connectProblem, fits, lockReason, stageProblem } from '../src/document/rules'
import { CARD_WIDTH, cardShape } from '../src/document/sizes'
import { catalogue, loginDoc, lookup } from './catalogue'

describe('ids', () => {
  it('are the type, made unique', () => {
    expect(freshId('decision', new Set())).toBe('decision')
    expect(freshId('decision', new Set(['decision', 'decision_2']))).toBe('decision_3')
  })

  it('are identifiers, whatever they are made of', () => {
    for (const text of ['Décision!', '2fa check', '__x', '', 'ß', 'a-b c']) expect(toIdentifier(text)).toMatch(ID_PATTERN)
  })

  it('are refused with a reason', () => {
    expect(idProblem('ok_2', new Set())).toBeNull()
    expect(idProblem('Ok', new Set())).toContain('a–z')
    expect(idProblem('2x', new Set())).not.toBeNull()
    expect(idProblem('', new Set())).not.toBeNull()
    expect(idProblem('no', new Set(['no']))).toContain('Another')
  })
})

describe('ports', () => {
  it('of rows come first, then those of the type, then error', () => {
    const block = { type: 'decision', stage: 's', config: { rows: [{ port: 'vip', when: 'step.risk.score > 3' }, { port: '' }] } }
    expect(portsOf(block, lookup('decision')).map((port) => port.id)).toEqual(['vip', 'default', 'error'])
    expect(portsOf(block, lookup('decision'))[0]?.detail).toBe('risk.score > 3')
  })

  it('that are wired but gone stay in sight as stale', () => {
    const ports = portsOf({ type: 'log', stage: 's', next: { old: 'x' } }, lookup('log'))
    expect(ports.find((port) => port.id === 'old')).toMatchObject({ stale: true })
  })

  it('of a terminal block are none', () => {
    expect(portsOf({ type: 'deny', stage: 's' }, lookup('deny'))).toEqual([])
  })

  it('of a type this build does not know are those in use', () => {
    expect(portsOf({ type: 'ghost', stage: 's', next: { a: 'x' } }, undefined).map((port) => port.id)).toEqual(['a', 'error'])
  })

  it('name one through which life goes on', () => {
    expect(mainPort({ type: 'check', stage: 's' }, lookup('check'))).toBe('ok')
    expect(mainPort({ type: 'decision', stage: 's' }, lookup('decision'))).toBe('default')
    expect(mainPort({ type: 'deny', stage: 's' }, lookup('deny'))).toBeUndefined()
  })
})

describe('lanes', () => {
  it('stand in the order of the trigger and grow with their content', () => {
    const doc = loginDoc()
    const narrow = lanesOf(doc, catalogue)
    expect(narrow.map((lane) => lane.id)).toEqual(['pre_login', 'post_auth', 'post_login'])
    doc.layout.blocks.no = { x: 600, y: 64 }
    const wide = lanesOf(doc, catalogue)
    expect(wide[0]!.width).toBeGreaterThan(600 + CARD_WIDTH)
    expect(wide[1]!.x).toBe(wide[0]!.width)
    // A place counts from its own lane: what stands further right moves along.
    expect(placeOf(doc, wide, 'note').x - placeOf(doc, narrow, 'note').x).toBe(wide[0]!.width - narrow[0]!.width)
  })

  it('show a stage that the trigger does not have', () => {
    const doc = loginDoc()
    doc.flow.blocks.note!.stage = 'nowhere'
    expect(lanesOf(doc, catalogue).at(-1)).toMatchObject({ id: 'nowhere', unknown: true })
  })

  it('are found by x, the nearest when outside', () => {
    const lanes = lanesOf(loginDoc(), catalogue)
    expect(laneAt(lanes, -50).id).toBe('pre_login')
    expect(laneAt(lanes, lanes[1]!.x + 1).id).toBe('post_auth')
    expect(laneAt(lanes, 99999).id).toBe('post_login')
    expect(intoLane(lanes[1]!, { x: lanes[1]!.x + 100, y: 5 })).toEqual({ x: 100, y: 5 })
  })
})

describe('rules', () => {
  const { flow } = loginDoc()
  it('refuse a wire to an earlier stage, to itself, to nothing', () => {
    expect(connectProblem(flow, 'note', 'sign_in', catalogue)).toContain('earlier stage')
    expect(connectProblem(flow, 'note', 'note', catalogue)).toContain('itself')
    expect(connectProblem(flow, 'note', 'ghost', catalogue)).not.toBeNull()
    expect(connectProblem(flow, 'sign_in', 'done', catalogue)).toBeNull()
  })

  it('know where a block may stand', () => {
    expect(stageProblem(flow, lookup('issue'), 'pre_login', catalogue)).toBe('Issue session belongs in Post-Login.')
    expect(stageProblem(flow, lookup('issue'), 'post_login', catalogue)).toBeNull()
    expect(stageProblem(flow, lookup('log'), 'pre_login', catalogue)).toBeNull()
  })

  it('offer only what has a place, after a block only what may come later', () => {
    const early = { ...lookup('log')!, stages: { login: ['pre_login'] } }
    expect(fits(flow, early, null, catalogue)).toBe(true)
    expect(fits(flow, early, 'sign_in', catalogue)).toBe(true)
    expect(fits(flow, early, 'note', catalogue)).toBe(false)
    expect(fits(flow, { ...early, stages: { login: ['elsewhere'] } }, null, catalogue)).toBe(false)
    expect(fits(flow, lookup('issue')!, 'sign_in', catalogue)).toBe(true)
  })

  it('keep locked blocks until the file lifts the lock', () => {
    expect(lockReason(flow, 'password', catalogue)).toContain('login')
    expect(lockReason({ ...flow, unlocked: [{ block: 'password', reason: 'passkeys only' }] }, 'password', catalogue)).toBeNull()
    expect(lockReason(flow, 'note', catalogue)).toBeNull()
  })
})

describe('arranging', () => {
  const bare = () => ({ ...loginDoc(), layout: { format: 1 as const, blocks: {} } })

  it('gives every block a place without overlap, in any order of the file', () => {
    const { flow } = loginDoc()
    const places = arrange(flow, catalogue, lookup)
    const boxes = Object.entries(places).map(([id, at]) => ({ id, stage: flow.blocks[id]!.stage, ...at, height: cardShape(flow.blocks[id]!, lookup(flow.blocks[id]!.type)).height }))
    expect(boxes).toHaveLength(5)
    for (const a of boxes) {
      for (const b of boxes) {
        if (a.id === b.id || a.stage !== b.stage) continue
        const apart = a.x + CARD_WIDTH <= b.x || b.x + CARD_WIDTH <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
        expect(apart, `${a.id} and ${b.id}`).toBe(true)
      }
    }
    expect(places.password!.y).toBeGreaterThan(places.sign_in!.y)
  })

  it('keeps places that are there', () => {
    const doc = loginDoc()
    delete (doc.layout.blocks as Record<string, unknown>).no
    const after = arrangeMissing(doc, catalogue, lookup)
    expect(after.layout.blocks.sign_in).toEqual(doc.layout.blocks.sign_in)
    expect(after.layout.blocks.no!.y).toBeGreaterThan(doc.layout.blocks.password!.y)
  })

  it('comes to an end on circles', () => {
    const doc = bare()
    doc.flow.blocks.password!.next = { ok: 'sign_in', failed: 'password' }
    expect(Object.keys(arrange(doc.flow, catalogue, lookup))).toHaveLength(5)
  })

  it('lets a card that was put on others slide down to where it is free', () => {
    const doc = loginDoc()
    doc.flow.blocks.log = { type: 'log', stage: 'pre_login' }
    doc.layout.blocks.log = { x: 100, y: 70 }
    const after = standFree(doc, 'log', lookup)
    expect(after.layout.blocks.log!.x).toBe(100)
    expect(after.layout.blocks.log!.y).toBeGreaterThan(384 + 48)
    expect({ ...after.layout.blocks, log: null }).toEqual({ ...doc.layout.blocks, log: null })
    doc.layout.blocks.log = { x: 600, y: 70 }
    expect(standFree(doc, 'log', lookup)).toBe(doc)
  })

  it('stacks a card into a column and moves what is below down', () => {
    const doc = loginDoc()
    doc.flow.blocks.log = { type: 'log', stage: 'pre_login' }
    doc.layout.blocks.log = { x: 300, y: 180 }
    const after = stackAbove(doc, 'log', 'password', lookup)
    expect(after.layout.blocks.log).toEqual({ x: 56, y: 224 })
    expect(after.layout.blocks.sign_in).toEqual({ x: 56, y: 64 })
    expect(after.layout.blocks.password!.y).toBeGreaterThan(224 + cardShape(doc.flow.blocks.log, lookup('log')).height)
    expect(after.layout.blocks.no!.y - after.layout.blocks.password!.y).toBe(160)
  })
})
