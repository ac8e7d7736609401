import { beforeEach, describe, expect, it } from 'vitest'
import { cardMark, problemsByBlock, runMarks, wireMark } from '../src/canvas/marks'
import { EdgeDrawer, NodeDrawer } from '../src/canvas/nodes'
import { wirePath } from '../src/canvas/edge-path'
import { setText } from '../src/document/edits'
import { lanesOf } from '../src/document/lanes'
import type { Doc } from '../src/document/model'
import { CARD_WIDTH, IN_PORT_Y } from '../src/document/sizes'
import { useProblems } from '../src/engine/problems'
import { acceptRun, clearRuns, useRuns, viewMoment, viewRun } from '../src/engine/runs'
import type { RunStep, RunView } from '../src/engine/types'
import { catalogue, loginDoc, lookup } from './catalogue'

const inputs = (doc: Doc, selected: string[] = []) => ({ slug: 'login', doc, lanes: lanesOf(doc, catalogue), selected: new Set(selected), held: null, lookup, lockOf: () => null })

describe('drawing', () => {
  it('keeps the identity of what did not change, so that it is not rendered again', () => {
    const drawer = new NodeDrawer()
    const doc = loginDoc()
    const first = drawer.draw(inputs(doc))
    expect(drawer.draw(inputs(doc))).toEqual(first)
    const second = drawer.draw(inputs(setText('note', 'label', 'x').apply(doc)))
    const changed = second.filter((node, i) => node !== first[i]).map((node) => node.id)
    expect(changed).toEqual(['note'])
    const third = drawer.draw(inputs(setText('note', 'label', 'x').apply(doc), ['done']))
    expect(third.filter((node) => node.selected).map((node) => node.id)).toEqual(['done'])
  })

  it('declares sizes and handles, so that what is out of sight need not be measured', () => {
    for (const node of new NodeDrawer().draw(inputs(loginDoc()))) {
      expect(node.measured).toEqual({ width: node.width, height: node.height })
      expect(node.handles?.length).toBeGreaterThan(0)
    }
  })

  it('forgets blocks that are gone, and marks the start only where there is one', () => {
    const drawer = new NodeDrawer()
    expect(drawer.draw(inputs(loginDoc())).map((node) => node.id)).toContain('@start')
    const doc = loginDoc()
    doc.flow.start = 'ghost'
    expect(drawer.draw(inputs(doc)).map((node) => node.id)).not.toContain('@start')
  })

  it('draws no wire to a block that is not there, and keeps the identity of the others', () => {
    const drawer = new EdgeDrawer()
    const doc = loginDoc()
    const first = drawer.draw('login', doc, null, lookup)
    expect(first.map((edge) => edge.id).sort()).toEqual(['@start', 'note:next', 'password:failed', 'password:ok', 'sign_in:submitted'])
    expect(first.find((edge) => edge.id === 'password:failed')?.data?.tone).toBe('bad')
    const second = drawer.draw('login', doc, 'note:next', lookup)
    expect(second.filter((edge, i) => edge !== first[i]).map((edge) => edge.id)).toEqual(['note:next'])
    doc.flow.blocks.note!.next = { next: 'ghost' }
    expect(drawer.draw('login', doc, null, lookup).map((edge) => edge.id)).not.toContain('note:next')
  })
})

describe('the line of a wire', () => {
  const ends = (path: string) => path.match(/-?[\d.]+/g)!.map(Number).slice(-2)
  it('ends at the port when it goes forward, on top of the card when it goes back or down', () => {
    const to = { x: 400, y: 100 }
    expect(ends(wirePath({ from: { x: 0, y: 0 }, to, down: false, channel: 0 }, false))).toEqual([400, 100])
    const top = [400 + 6 + CARD_WIDTH / 2, 100 - IN_PORT_Y - 1]
    expect(ends(wirePath({ from: { x: 640, y: 20 }, to, down: false, channel: 1 }, false))).toEqual(top)
    expect(ends(wirePath({ from: { x: 640, y: 400 }, to, down: true, channel: 0 }, false))).toEqual(top)
  })

  it('is straight from afar', () => {
    expect(wirePath({ from: { x: 0, y: 0 }, to: { x: 9, y: 9 }, down: false, channel: 0 }, true)).toBe('M0,0L9,9')
  })
})

const step = (n: number, block: string, port: string): RunStep => ({ moment: n, n, flow: 'login', block, type: 'log', port, at: '', ms: 1, outputs: {} })
const run = (part: Partial<RunView>): RunView => ({ id: 'r1', flow: 'login', trigger: 'login', status: 'running', started_at: '2026-01-01T00:00:00Z', stack: [], path: [], moment: 1, values: {}, ...part })

describe('the run that is looked at', () => {
  beforeEach(clearRuns)

  it('paints its path and dims the rest', () => {
    acceptRun(run({ status: 'paused', stack: [{ flow: 'login', block: 'note' }], path: [step(1, 'sign_in', 'submitted'), step(2, 'password', 'ok')] }))
    viewRun('r1')
    const state = useRuns.getState()
    expect(cardMark(state, 'login', 'note')).toBe('paused')
    expect(cardMark(state, 'login', 'password')).toBe('visited')
    expect(cardMark(state, 'login', 'no')).toBe('dim')
    expect(wireMark(state, 'login', 'password:ok')).toBe('visited')
    expect(wireMark(state, 'login', 'password:failed')).toBe('dim')
    expect(runMarks(state, 'other')).toBeNull()
  })

  it('is shown as it was at an earlier step', () => {
    acceptRun(run({ status: 'succeeded', path: [step(1, 'sign_in', 'submitted'), step(2, 'password', 'ok'), step(3, 'note', 'next')] }))
    viewRun('r1')
    viewMoment(2)
    expect(cardMark(useRuns.getState(), 'login', 'sign_in')).toBe('visited')
    expect(cardMark(useRuns.getState(), 'login', 'password')).toBe('current')
    expect(cardMark(useRuns.getState(), 'login', 'note')).toBe('dim')
  })

  it('is the one that Run began, and stays while it lives', () => {
    useRuns.setState({ expecting: true })
    acceptRun(run({ id: 'a' }))
    expect(useRuns.getState()).toMatchObject({ viewed: 'a', expecting: false })
    acceptRun(run({ id: 'b', started_at: '2026-01-01T00:00:05Z' }))
    expect(useRuns.getState().viewed).toBe('a')
    expect(useRuns.getState().runs.map((r) => r.id)).toEqual(['b', 'a'])
    acceptRun(run({ id: 'a', status: 'denied' }))
    acceptRun(run({ id: 'c', started_at: '2026-01-01T00:00:09Z' }))
    expect(useRuns.getState().viewed).toBe('c')
  })

  it('comes into view by itself when it stops and nothing else is looked at', () => {
    acceptRun(run({ id: 'a', status: 'waiting' }))
    expect(useRuns.getState().viewed).toBeNull()
    acceptRun(run({ id: 'a', status: 'paused' }))
    expect(useRuns.getState().viewed).toBe('a')
  })
})

describe('problems on cards', () => {
  it('stand at their block', () => {
    useProblems.setState({ saved: [{ code: 'x', severity: 'error', flow: 'login', block: 'note', message: 'm', why: '' }], live: {} })
    expect(problemsByBlock(useProblems.getState(), 'login').get('note')).toHaveLength(1)
    expect(problemsByBlock(useProblems.getState(), 'other').size).toBe(0)
  })
})
