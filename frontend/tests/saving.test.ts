import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connect } from '../src/engine/client'
import { EngineError } from '../src/engine/errors'
import { allProblems, clearProblems, useProblems } from '../src/engine/problems'
import type { Problem } from '../src/engine/problem-types'
import { autocheck } from '../src/document/checking'
import { setText } from '../src/document/edits'
import { acceptFile, fileChangedOutside, keepMyFile, reloadFile, typeFile, useFiles } from '../src/document/files'
import { autosave, flowChangedOutside, keepMine, reloadTheirs, saveAll } from '../src/document/saving'
import { acceptFlow, edit, flowOf, useFlows } from '../src/document/store'
import { loginDoc } from './catalogue'

const slug = 'login'
let stops: (() => void)[] = []
/** What Go was asked, and how it answers next. */
let calls: { method: string; args: Record<string, unknown> }[] = []
let answers: Record<string, (args: Record<string, unknown>) => unknown> = {}
const made = (method: string) => calls.filter((call) => call.method === method)

beforeEach(() => {
  vi.useFakeTimers({ now: 5_000_000 })
  calls = []
  let revision = 1
  answers = { 'flow.save': () => ({ revision: `r${++revision}`, problems: [] }), 'flow.check': () => [] }
  connect(
    {
      call: async (method, args) => {
        calls.push({ method, args: args as Record<string, unknown> })
        await new Promise((done) => setTimeout(done, 20))
        return answers[method]?.(args as Record<string, unknown>)
      },
      listen: () => () => undefined,
    },
    () => undefined,
  )
  stops = [autosave(), autocheck()]
  clearProblems()
  acceptFlow({ slug, ...loginDoc(), revision: 'r1' })
})
afterEach(async () => {
  stops.forEach((stop) => stop())
  answers = { 'flow.save': () => ({ revision: 'end', problems: [] }), 'file.save': () => ({ revision: 'end', problems: [] }) }
  await vi.advanceTimersByTimeAsync(10_000)
  useFlows.setState({ open: {} })
  useFiles.setState({ open: {} })
  vi.clearAllTimers()
})

const label = (text: string) => edit(slug, setText('note', 'label', text))
const conflict = (name: string) => {
  const theirs = { slug, ...loginDoc(), revision: 'theirs' }
  theirs.flow.name = name
  return new EngineError({ code: 'conflict', message: 'changed', data: theirs })
}

describe('autosave', () => {
  it('writes within a second, based on what was loaded', async () => {
    label('a')
    await vi.advanceTimersByTimeAsync(1000)
    expect(made('flow.save')).toHaveLength(1)
    expect(made('flow.save')[0]!.args).toMatchObject({ slug, base: 'r1' })
    expect(flowOf(slug)).toMatchObject({ save: 'saved', revision: 'r2' })
  })

  it('writes within a second of the first key even while typing goes on', async () => {
    for (let i = 0; i < 12; i++) {
      label(`a${i}`)
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(made('flow.save').length).toBeGreaterThanOrEqual(2)
  })

  it('writes what was typed while a save was under way, on top of it', async () => {
    label('a')
    await vi.advanceTimersByTimeAsync(360)
    label('ab')
    await vi.advanceTimersByTimeAsync(1000)
    expect(made('flow.save').map((call) => call.args.base)).toEqual(['r1', 'r2'])
    expect(flowOf(slug)?.save).toBe('saved')
  })

  it('never has two saves under way, however slow one is', async () => {
    let under = 0
    let most = 0
    const answer = answers['flow.save']!
    connect(
      {
        call: async (method, args) => {
          calls.push({ method, args: args as Record<string, unknown> })
          if (method !== 'flow.save') return []
          most = Math.max(most, ++under)
          await new Promise((done) => setTimeout(done, 1500))
          under--
          return answer(args as Record<string, unknown>)
        },
        listen: () => () => undefined,
      },
      () => undefined,
    )
    for (let i = 0; i < 20; i++) {
      label(`a${i}`)
      await vi.advanceTimersByTimeAsync(150)
    }
    await vi.advanceTimersByTimeAsync(6000)
    expect(most).toBe(1)
    expect(made('flow.save').map((call) => call.args.base)).toEqual(made('flow.save').map((_, i) => `r${i + 1}`))
    expect(flowOf(slug)).toMatchObject({ save: 'saved' })
    expect((made('flow.save').at(-1)?.args.flow as { blocks: Record<string, { label: string }> }).blocks.note?.label).toBe('a19')
  })

  it('does not write an undone edit back and forth', async () => {
    await vi.advanceTimersByTimeAsync(2000)
    expect(made('flow.save')).toHaveLength(0)
  })

  it('stops at somebody else’s change and writes nothing until one is chosen', async () => {
    answers['flow.save'] = () => {
      throw conflict('Theirs')
    }
    label('mine')
    await vi.advanceTimersByTimeAsync(1000)
    expect(flowOf(slug)?.save).toBe('conflict')
    label('mine too')
    await vi.advanceTimersByTimeAsync(5000)
    expect(made('flow.save')).toHaveLength(1)
    reloadTheirs(slug)
    expect(flowOf(slug)).toMatchObject({ save: 'saved', revision: 'theirs' })
    expect(flowOf(slug)?.doc.flow.name).toBe('Theirs')
  })

  it('keeps mine over the newer revision when that is chosen', async () => {
    answers['flow.save'] = () => {
      throw conflict('Theirs')
    }
    label('mine')
    await vi.advanceTimersByTimeAsync(1000)
    answers['flow.save'] = () => ({ revision: 'r9', problems: [] })
    keepMine(slug)
    await vi.advanceTimersByTimeAsync(1000)
    expect(made('flow.save').at(-1)?.args.base).toBe('theirs')
    expect(flowOf(slug)).toMatchObject({ save: 'saved', revision: 'r9' })
    expect(flowOf(slug)?.doc.flow.blocks.note?.label).toBe('mine')
  })

  it('tries again after a failure, and loses nothing', async () => {
    answers['flow.save'] = () => {
      throw new EngineError({ code: 'io', message: 'disk full' })
    }
    label('a')
    await vi.advanceTimersByTimeAsync(1000)
    expect(flowOf(slug)?.save).toBe('failed')
    answers['flow.save'] = () => ({ revision: 'r2', problems: [] })
    await vi.advanceTimersByTimeAsync(4000)
    expect(flowOf(slug)?.save).toBe('saved')
  })

  it('is done at once before a run, and says when it cannot be', async () => {
    label('a')
    const saved = saveAll()
    await vi.advanceTimersByTimeAsync(100)
    await saved
    expect(flowOf(slug)?.save).toBe('saved')
    answers['flow.save'] = () => {
      throw new EngineError({ code: 'io', message: 'disk full' })
    }
    label('b')
    const refused = expect(saveAll()).rejects.toThrow('disk full')
    await vi.advanceTimersByTimeAsync(100)
    await refused
  })
})

describe('a change outside', () => {
  it('is taken when nothing is unsaved, and told', async () => {
    const theirs = { slug, ...loginDoc(), revision: 'r5' }
    theirs.flow.name = 'Theirs'
    answers['flow.load'] = () => theirs
    const told = flowChangedOutside(slug, 'r5')
    await vi.advanceTimersByTimeAsync(50)
    expect(await told).toContain('Theirs changed on disk')
    expect(flowOf(slug)?.doc.flow.name).toBe('Theirs')
  })

  it('is a conflict when something is unsaved', async () => {
    const theirs = { slug, ...loginDoc(), revision: 'r5' }
    theirs.flow.name = 'Theirs'
    answers['flow.load'] = () => theirs
    label('mine')
    const told = flowChangedOutside(slug, 'r5')
    await vi.advanceTimersByTimeAsync(30)
    expect(await told).toBeNull()
    expect(flowOf(slug)?.save).toBe('conflict')
    expect(flowOf(slug)?.doc.flow.blocks.note?.label).toBe('mine')
  })

  it('that is our own write, told before its answer, is no news', async () => {
    label('mine')
    await vi.advanceTimersByTimeAsync(355)
    expect(flowOf(slug)?.save).toBe('saving')
    const told = flowChangedOutside(slug, 'r2')
    await vi.advanceTimersByTimeAsync(500)
    expect(await told).toBeNull()
    expect(flowOf(slug)?.save).toBe('saved')
    expect(made('flow.load')).toHaveLength(0)
  })

  it('is not met with what was read before a write of ours', async () => {
    // The file is read at r1; while the answer is on its way, we write r2.
    answers['flow.load'] = () => ({ slug, ...loginDoc(), revision: 'r1' })
    label('mine')
    await vi.advanceTimersByTimeAsync(345)
    const told = flowChangedOutside(slug, '')
    await vi.advanceTimersByTimeAsync(40)
    label('mine, and more')
    answers['flow.load'] = () => ({ slug, ...loginDoc(), revision: flowOf(slug)!.revision })
    await vi.advanceTimersByTimeAsync(2000)
    expect(await told).toBeNull()
    expect(flowOf(slug)?.save).toBe('saved')
    expect(flowOf(slug)?.doc.flow.blocks.note?.label).toBe('mine, and more')
  })

  it('that is what we have already is no news', async () => {
    const told = flowChangedOutside(slug, 'r1')
    expect(await told).toBeNull()
    expect(made('flow.load')).toHaveLength(0)
  })
})

describe('problems as one types', () => {
  const problem = (message: string): Problem => ({ code: 'x', severity: 'error', flow: slug, message, why: '' })

  it('are asked for the unsaved document, and stand in for the saved ones', async () => {
    useProblems.setState({ saved: [problem('old'), { ...problem('other'), flow: 'registration' }] })
    answers['flow.check'] = () => [problem('new')]
    label('a')
    await vi.advanceTimersByTimeAsync(300)
    expect(made('flow.check')).toHaveLength(1)
    expect(allProblems(useProblems.getState()).map((p) => p.message)).toEqual(['new', 'other'])
  })

  it('come from the newest document alone', async () => {
    answers['flow.check'] = (args) => [problem(JSON.stringify(args).includes('"ab"') ? 'second' : 'first')]
    label('a')
    await vi.advanceTimersByTimeAsync(205)
    label('ab')
    await vi.advanceTimersByTimeAsync(20)
    expect(allProblems(useProblems.getState())).toEqual([])
    await vi.advanceTimersByTimeAsync(300)
    expect(allProblems(useProblems.getState()).map((p) => p.message)).toEqual(['second'])
  })

  it('survive a null where there are none', async () => {
    answers['flow.check'] = () => null
    label('a')
    await vi.advanceTimersByTimeAsync(300)
    expect(allProblems(useProblems.getState())).toEqual([])
  })
})

describe('a text file', () => {
  const path = 'actions/a.js'
  const file = () => useFiles.getState().open[path]!
  beforeEach(() => acceptFile({ path, text: 'one', revision: 'f1' }))

  it('is written within a second and follows its revision', async () => {
    answers['file.save'] = () => ({ revision: 'f2', problems: null })
    typeFile(path, 'two')
    await vi.advanceTimersByTimeAsync(1000)
    expect(made('file.save')[0]!.args).toEqual({ path, text: 'two', base: 'f1' })
    expect(file()).toMatchObject({ save: 'saved', revision: 'f2' })
  })

  it('is never written over a change on disk', async () => {
    answers['file.save'] = () => {
      throw new EngineError({ code: 'conflict', message: 'changed', data: { path, text: 'theirs', revision: 'f5' } })
    }
    typeFile(path, 'mine')
    await vi.advanceTimersByTimeAsync(1000)
    typeFile(path, 'mine too')
    await vi.advanceTimersByTimeAsync(3000)
    expect(made('file.save')).toHaveLength(1)
    expect(file().save).toBe('conflict')
    answers['file.save'] = () => ({ revision: 'f6', problems: [] })
    const kept = keepMyFile(path)
    await vi.advanceTimersByTimeAsync(100)
    await kept
    expect(made('file.save').at(-1)?.args).toEqual({ path, text: 'mine too', base: 'f5' })
    expect(file().save).toBe('saved')
  })

  it('takes theirs on request', async () => {
    answers['file.load'] = () => ({ path, text: 'theirs', revision: 'f5' })
    typeFile(path, 'mine')
    const told = fileChangedOutside(path, 'f5')
    await vi.advanceTimersByTimeAsync(30)
    await told
    expect(file().save).toBe('conflict')
    reloadFile(path)
    expect(file()).toMatchObject({ text: 'theirs', save: 'saved', version: 1 })
  })
})
