import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connect } from '../src/engine/client'
import { EngineError } from '../src/engine/errors'
import { keepAllDrafts, keepDrafts } from '../src/document/drafts'
import { setText } from '../src/document/edits'
import { acceptFile, fileChangedOutside, keepMyFile, reloadFile, typeFile, useFiles } from '../src/document/files'
import { autosave, flowChangedOutside, keepMine, reloadTheirs } from '../src/document/saving'
import { acceptFlow, edit, flowOf, undoEdit, useFlows } from '../src/document/store'
import { loginDoc } from './catalogue'

let began = 0
const slug = 'login'
const path = 'actions/a.js'
let stops: (() => void)[] = []
/** What Go was asked and when, and how it answers next. */
let calls: { method: string; args: Record<string, unknown>; at: number }[] = []
let answers: Record<string, (args: Record<string, unknown>) => unknown> = {}
const made = (method: string) => calls.filter((call) => call.method === method)
const file = () => useFiles.getState().open[path]!
const label = (text: string) => edit(slug, setText('note', 'label', text))
const labelOf = (args: Record<string, unknown>) => (args.flow as { blocks: Record<string, { label: string }> }).blocks.note?.label
const changedOutside = (data: unknown) => () => {
  throw new EngineError({ code: 'conflict', message: 'changed', data })
}
const theirs = () => {
  const flow = { slug, ...loginDoc(), revision: 'theirs' }
  flow.flow.name = 'Theirs'
  return flow
}

beforeEach(() => {
  vi.useFakeTimers({ now: (began += 1_000_000) })
  calls = []
  let revision = 1
  const saved = () => ({ revision: `r${++revision}`, problems: [] })
  answers = { 'flow.save': saved, 'file.save': saved }
  connect(
    {
      call: async (method, args) => {
        calls.push({ method, args: args as Record<string, unknown>, at: Date.now() })
        await new Promise((done) => setTimeout(done, 20))
        return answers[method]?.(args as Record<string, unknown>)
      },
      listen: () => () => undefined,
    },
    () => undefined,
  )
  stops = [autosave(), keepDrafts()]
  acceptFlow({ slug, ...loginDoc(), revision: 'r1' })
  acceptFile({ path, text: 'one', revision: 'f1' })
})
afterEach(async () => {
  await vi.advanceTimersByTimeAsync(10_000)
  useFlows.setState({ open: {} })
  useFiles.setState({ open: {} })
  stops.forEach((stop) => stop())
  vi.clearAllTimers()
})

describe('what is typed without a rest', () => {
  // Go answers a save when the file is on disk: what counts is when it is asked.
  it('is on its way to the disk well within a second, each key of it', async () => {
    const keys: { text: string; at: number }[] = []
    for (let i = 0; i < 60; i++) {
      const text = `${'k'.repeat(i + 1)}`
      keys.push({ text, at: Date.now() })
      label(text)
      typeFile(path, text)
      await vi.advanceTimersByTimeAsync(35 + ((i * 13) % 40))
    }
    await vi.advanceTimersByTimeAsync(1000)
    for (const { text, at } of keys) {
      const after = (saved: { at: number }[]) => (saved[0]?.at ?? Infinity) - at
      expect(after(made('flow.save').filter((save) => labelOf(save.args)!.length >= text.length))).toBeLessThanOrEqual(400)
      expect(after(made('file.save').filter((save) => (save.args.text as string).length >= text.length))).toBeLessThanOrEqual(250)
    }
  })
})

describe('what cannot be written', () => {
  it('is kept beside the project until it is chosen: mine', async () => {
    answers['flow.save'] = changedOutside(theirs())
    label('mine')
    await vi.advanceTimersByTimeAsync(60)
    expect(flowOf(slug)?.save).toBe('conflict')
    expect(made('drafts.keep')).toHaveLength(1)
    expect(made('drafts.keep')[0]!.args).toMatchObject({ path: 'flows/login.json', base: 'r1' })
    expect(labelOf(made('drafts.keep')[0]!.args)).toBe('mine')
    for (const text of ['mine,', 'mine, and', 'mine, and more']) label(text)
    await vi.advanceTimersByTimeAsync(500)
    expect(made('drafts.keep')).toHaveLength(2)
    expect(labelOf(made('drafts.keep')[1]!.args)).toBe('mine, and more')
    expect(made('drafts.drop')).toHaveLength(0)
    answers['flow.save'] = () => ({ revision: 'r9', problems: [] })
    keepMine(slug)
    await vi.advanceTimersByTimeAsync(100)
    expect(calls.slice(-2).map((call) => call.method)).toEqual(['flow.save', 'drafts.drop'])
  })

  it('is kept until it is chosen: theirs', async () => {
    answers['file.save'] = changedOutside({ path, text: 'theirs', revision: 'f5' })
    typeFile(path, 'mine')
    await vi.advanceTimersByTimeAsync(60)
    expect(made('drafts.keep')[0]!.args).toEqual({ path, base: 'f1', text: 'mine' })
    expect(reloadFile(path)).toBe(true)
    await vi.advanceTimersByTimeAsync(50)
    expect(made('drafts.drop')).toEqual([expect.objectContaining({ args: { path } })])
    expect(file()).toMatchObject({ text: 'theirs', save: 'saved', draft: false })
  })

  it('is kept while the disk refuses, and let go when it does no more', async () => {
    answers['flow.save'] = () => {
      throw new EngineError({ code: 'io', message: 'disk full' })
    }
    label('a')
    await vi.advanceTimersByTimeAsync(100)
    expect(made('drafts.keep')).toHaveLength(1)
    answers['flow.save'] = () => ({ revision: 'r2', problems: [] })
    await vi.advanceTimersByTimeAsync(4000)
    expect(flowOf(slug)).toMatchObject({ save: 'saved', draft: false })
    expect(made('drafts.drop')).toHaveLength(1)
  })

  it('is tried to be kept again when that fails, and says so to who would close it', async () => {
    answers['flow.save'] = changedOutside(theirs())
    answers['drafts.keep'] = () => {
      throw new EngineError({ code: 'io', message: 'disk full' })
    }
    label('a')
    await vi.advanceTimersByTimeAsync(100)
    const refused = expect(keepAllDrafts()).rejects.toThrow('disk full')
    await vi.advanceTimersByTimeAsync(100)
    await refused
    answers['drafts.keep'] = () => null
    await vi.advanceTimersByTimeAsync(4000)
    expect(flowOf(slug)).toMatchObject({ save: 'conflict', draft: true })
  })

  it('is nothing to choose once somebody has written just that', async () => {
    answers['file.save'] = changedOutside({ path, text: 'theirs', revision: 'f5' })
    typeFile(path, 'mine')
    await vi.advanceTimersByTimeAsync(60)
    answers['file.load'] = () => ({ path, text: 'mine', revision: 'f6' })
    const told = fileChangedOutside(path, 'f6')
    await vi.advanceTimersByTimeAsync(60)
    expect(await told).toBeNull()
    expect(file()).toMatchObject({ save: 'saved', revision: 'f6', draft: false })

    answers['flow.save'] = changedOutside(theirs())
    label('mine')
    await vi.advanceTimersByTimeAsync(60)
    answers['flow.load'] = () => ({ slug, flow: flowOf(slug)!.doc.flow, layout: flowOf(slug)!.doc.layout, revision: 'r8' })
    const flowTold = flowChangedOutside(slug, 'r8')
    await vi.advanceTimersByTimeAsync(60)
    expect(await flowTold).toBeNull()
    expect(flowOf(slug)).toMatchObject({ save: 'saved', revision: 'r8' })
    expect(made('drafts.drop')).toHaveLength(2)
  })
})

describe('what was removed while it was edited', () => {
  it('is put back by who keeps it', async () => {
    answers['flow.save'] = changedOutside(undefined)
    answers['file.save'] = changedOutside(undefined)
    label('mine')
    typeFile(path, 'mine')
    await vi.advanceTimersByTimeAsync(100)
    expect(flowOf(slug)).toMatchObject({ save: 'conflict', theirs: null, draft: true })
    expect(file()).toMatchObject({ save: 'conflict', theirs: null, draft: true })
    answers['flow.save'] = answers['file.save'] = () => ({ revision: 'back', problems: [] })
    keepMine(slug)
    void keepMyFile(path)
    await vi.advanceTimersByTimeAsync(100)
    expect(made('flow.save').at(-1)!.args.base).toBe('')
    expect(made('file.save').at(-1)!.args.base).toBe('')
    expect(flowOf(slug)).toMatchObject({ save: 'saved', revision: 'back', draft: false })
  })

  const openedAgain = () => {
    useFlows.setState({ open: {} })
    const { flow, layout } = loginDoc()
    acceptFlow({ slug, flow, layout, revision: '', draft: { path: 'flows/login.json', base: 'r1', flow, layout } })
    acceptFile({ path, text: 'mine', revision: '', draft: { path, base: 'f1', text: 'mine' } })
  }

  it('is put back the next time, too', async () => {
    openedAgain()
    keepMine(slug)
    void keepMyFile(path)
    await vi.advanceTimersByTimeAsync(100)
    expect([made('flow.save')[0]!.args.base, made('file.save')[0]!.args.base]).toEqual(['', ''])
    expect([flowOf(slug)?.save, file().save]).toEqual(['saved', 'saved'])
    expect(made('drafts.drop')).toHaveLength(2)
  })

  it('waits for the next time, and is let go for good', async () => {
    openedAgain()
    await vi.advanceTimersByTimeAsync(1000)
    expect([flowOf(slug)?.save, file().save]).toEqual(['conflict', 'conflict'])
    expect(reloadTheirs(slug)).toBe(false)
    expect(reloadFile(path)).toBe(false)
    await vi.advanceTimersByTimeAsync(1000)
    expect(made('drafts.drop').map((call) => call.args.path)).toEqual(['flows/login.json', path])
    expect(made('flow.save').concat(made('file.save'))).toEqual([])
  })
})

describe('what was not written the last time', () => {
  const mine = () => {
    const { flow, layout } = loginDoc()
    flow.name = 'Mine'
    return { path: 'flows/login.json', base: 'r1', flow, layout }
  }

  it('is to be chosen where the file has changed since', async () => {
    useFlows.setState({ open: {} })
    acceptFlow({ ...theirs(), draft: mine() })
    acceptFile({ path, text: 'theirs', revision: 'f5', draft: { path, base: 'f1', text: 'mine' } })
    await vi.advanceTimersByTimeAsync(4000)
    expect(made('flow.save').concat(made('file.save'))).toEqual([])
    expect(flowOf(slug)).toMatchObject({ save: 'conflict', draft: true })
    expect(flowOf(slug)?.doc.flow.name).toBe('Mine')
    reloadTheirs(slug)
    expect(flowOf(slug)?.doc.flow.name).toBe('Theirs')
    const kept = keepMyFile(path)
    await vi.advanceTimersByTimeAsync(100)
    await kept
    expect(made('file.save')[0]!.args).toEqual({ path, text: 'mine', base: 'f5' })
    expect(made('drafts.drop').map((call) => call.args.path)).toEqual(['flows/login.json', path])
  })

  it('is written where nobody else has come, and can be undone', async () => {
    useFlows.setState({ open: {} })
    acceptFlow({ slug, ...loginDoc(), revision: 'r1', draft: mine() })
    acceptFile({ path, text: 'one', revision: 'f1', draft: { path, base: 'f1', text: 'mine' } })
    await vi.advanceTimersByTimeAsync(1000)
    expect(made('flow.save')[0]!.args).toMatchObject({ base: 'r1', flow: { name: 'Mine' } })
    expect(made('file.save')[0]!.args).toEqual({ path, text: 'mine', base: 'f1' })
    expect(made('drafts.drop')).toHaveLength(2)
    undoEdit(slug)
    expect(flowOf(slug)?.doc.flow.name).not.toBe('Mine')
  })

  it('is let go where the file is just so', async () => {
    useFlows.setState({ open: {} })
    acceptFlow({ slug, ...loginDoc(), revision: 'r1', draft: { path: 'flows/login.json', base: 'r0', ...loginDoc() } })
    acceptFile({ path, text: 'one', revision: 'f1', draft: { path, base: 'f0', text: 'one' } })
    await vi.advanceTimersByTimeAsync(1000)
    expect(flowOf(slug)?.save).toBe('saved')
    expect(made('drafts.drop')).toHaveLength(2)
    expect(made('flow.save').concat(made('file.save'))).toEqual([])
  })
})
