import { beforeEach, describe, expect, it, vi } from 'vitest'
import { parseObject } from '../src/actions/json'
import { asked, wordsOf } from '../src/actions/outcome'
import { activeAction, chooseEvent, loadEvents, patchTrial, trialOf, tryAction, useTrials } from '../src/actions/trying'
import { connect } from '../src/engine/client'
import { useStudio } from '../src/engine/studio'
import type { ActionEvent, ActionSummary, Tried, TryOrder } from '../src/engine/types'
import { acceptFile, typeFile } from '../src/document/files'
import { useTabs } from '../src/document/tabs'

const tried = (part: Partial<Tried> = {}, result: Partial<Tried['result']> = {}): Tried => ({ outcome: 'next', calls: [], ms: 1, result: { claims: {}, logs: [], ...result }, ...part })

describe('what came of it, in words', () => {
  it('says where it leaves, and why a flow would not take that', () => {
    expect(wordsOf(tried())).toMatchObject({ tone: 'good', title: 'Leaves by next' })
    expect(wordsOf(tried({ outcome: 'outside' }))).toMatchObject({ tone: 'neutral', title: 'Leaves by outside' })
    expect(wordsOf(tried({ outcome: 'outside', problem: 'it may not' }))).toMatchObject({ tone: 'warn', text: 'It may not' })
  })

  it('tells of denials, of people sent away and of failures', () => {
    expect(wordsOf(tried({ outcome: 'denied' }, { denied: { reason: 'no_user', user_message: 'Who?' } }))).toMatchObject({ tone: 'bad', title: 'Denied: no_user', text: 'The person reads: “Who?”' })
    expect(wordsOf(tried({ outcome: 'redirect' }, { redirect: 'https://a.example' })).text).toContain('https://a.example')
    expect(wordsOf(tried({ outcome: 'error', error: { code: 'throw', message: 'Error: no', line: 3 } }))).toMatchObject({ title: 'Failed', text: 'Error: no' })
    expect(wordsOf(tried({ outcome: 'error', problem: 'the setting a is missing' })).text).toBe('The setting a is missing')
  })

  it('lists what was asked for, and only that', () => {
    const parts = asked(tried({}, { outputs: { kind: 'a' }, claims: { access_token: { b: 1 }, session: {} }, user_metadata: { c: null } }))
    expect(parts.map((part) => part.title)).toEqual(['Outputs', 'Claims of the access token', 'user_metadata'])
  })
})

describe('an event that is typed', () => {
  it('is an object, or it is said why not', () => {
    expect(parseObject('')).toEqual({ ok: true, value: {} })
    expect(parseObject('{"a":1}')).toEqual({ ok: true, value: { a: 1 } })
    expect(parseObject('[1]')).toMatchObject({ ok: false, problem: expect.stringContaining('object') as string })
    expect(parseObject('null').ok).toBe(false)
    expect(parseObject('{')).toMatchObject({ ok: false, problem: expect.stringContaining('Not valid JSON') as string })
  })
})

describe('trying', () => {
  const path = 'actions/a.ts'
  const events: ActionEvent[] = [
    { id: 'run', title: 'The last run', summary: '', event: { user: { id: 'u' } }, step: { risk: { score: 1 } } },
    { id: 'us_user', title: 'Person', summary: '', event: { request: {} } },
  ]
  let order: TryOrder | undefined
  let answer: () => Promise<unknown>
  beforeEach(() => {
    order = undefined
    answer = () => Promise.resolve(tried())
    useTrials.setState({}, true)
    connect({ call: (method, args) => (method === 'actions.events' ? Promise.resolve(events) : ((order = args as TryOrder), answer())), listen: () => () => undefined }, () => undefined)
    acceptFile({ path, text: 'saved', revision: '1' })
    vi.useFakeTimers()
    typeFile(path, 'typed')
  })

  it('takes the text as it stands in the editor, the event, the steps and the settings', async () => {
    await loadEvents(path)
    expect(trialOf(useTrials.getState(), path)).toMatchObject({ chosen: 'us_user', edited: false })
    chooseEvent(path, 'run')
    patchTrial(path, { config: { limit: 5 } })
    await tryAction(path)
    expect(order).toEqual({ action: 'a.ts', source: 'typed', event: { user: { id: 'u' } }, step: { risk: { score: 1 } }, config: { limit: 5 } })
    expect(trialOf(useTrials.getState(), path)).toMatchObject({ busy: false, tried: { outcome: 'next' } })
  })

  it('keeps an event of one’s own when the presets are asked for again', async () => {
    await loadEvents(path)
    patchTrial(path, { event: '{"mine":true}', edited: true })
    await loadEvents(path)
    expect(trialOf(useTrials.getState(), path)).toMatchObject({ event: '{"mine":true}', edited: true })
  })

  it('takes the newest run where the last one was chosen', async () => {
    await loadEvents(path)
    chooseEvent(path, 'run')
    events[0] = { ...events[0]!, event: { user: { id: 'newer' } } }
    await loadEvents(path)
    expect(JSON.parse(trialOf(useTrials.getState(), path).event)).toEqual({ user: { id: 'newer' } })
  })

  it('runs nothing on what is no JSON, and nothing twice at once', async () => {
    patchTrial(path, { event: '{' })
    await tryAction(path)
    expect(order).toBeUndefined()
    patchTrial(path, { event: '{}', busy: true })
    await tryAction(path)
    expect(order).toBeUndefined()
  })

  it('shows what went wrong in place of an old result', async () => {
    patchTrial(path, { tried: tried() })
    answer = () => Promise.reject(new Error('down'))
    await tryAction(path)
    expect(trialOf(useTrials.getState(), path)).toMatchObject({ busy: false, tried: null, failure: new Error('down') })
  })

  it('is offered for an Action in front, and for nothing else', () => {
    const action = (name: string, runs: boolean): ActionSummary => ({ path: name, size: 1, runs, fields: [], ports: [], outputs: [] })
    useStudio.setState({ project: { dir: '', name: '', version: '', flows: [], pages: [], texts: [], actions: [action(path, true), action('actions/lib/m.ts', false)] } })
    const front = (name: string) => useTabs.setState({ tabs: [{ key: name, kind: 'file', name }], active: name })
    front(path)
    expect(activeAction()).toBe(path)
    front('actions/lib/m.ts')
    expect(activeAction()).toBeNull()
    front('pages/a.html')
    expect(activeAction()).toBeNull()
  })
})
