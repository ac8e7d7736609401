// What cannot be written, because somebody else has changed the file or the disk
// refuses, is kept beside the project until it is decided: whatever ends the
// program, both versions are on disk.
import { call } from '../engine'
import type { Unwritten } from '../engine'
import { patchFile, useFiles, type OpenFile } from './files'
import { flowOf, patchFlow, useFlows, type OpenFlow, type SaveState } from './store'

const WAIT_MS = 350
const RETRY_MS = 3000

const timers = new Map<string, ReturnType<typeof setTimeout>>()
/** What is asked of Go for each document, one after the other. */
const asked = new Map<string, Promise<void>>()
/** The document or text that was kept last. */
const kept = new Map<string, unknown>()

const flowPath = (slug: string) => `flows/${slug}.json`

/** The slug of a flow's file. */
export function slugOf(path: string): string | undefined {
  return /^flows\/([^/]+)\.json$/.exec(path)?.[1]
}

/** Watches all open documents; answers how to stop. */
export function keepDrafts(): () => void {
  const stops = [
    useFlows.subscribe((now, before) => {
      for (const slug of new Set([...Object.keys(now.open), ...Object.keys(before.open)])) {
        const [flow, old] = [now.open[slug], before.open[slug]]
        if (flow !== old) look(flowPath(slug), flow && ofFlow(flow), !old)
      }
    }),
    useFiles.subscribe((now, before) => {
      for (const path of new Set([...Object.keys(now.open), ...Object.keys(before.open)])) {
        const [file, old] = [now.open[path], before.open[path]]
        if (file !== old) look(path, file && ofFile(file), !old)
      }
    }),
  ]
  return () => stops.forEach((stop) => stop())
}

/** What is of interest of either kind of document. */
interface Written {
  save: SaveState
  draft: boolean
  /** Is another when something was edited. */
  content: unknown
  copy: () => Unwritten
}

const ofFlow = ({ slug, doc, revision, save, draft }: OpenFlow): Written => ({
  save,
  draft,
  content: doc,
  copy: () => ({ path: flowPath(slug), base: revision, flow: doc.flow, layout: doc.layout }),
})

const ofFile = ({ path, text, revision, save, draft }: OpenFile): Written => ({ save, draft, content: text, copy: () => ({ path, base: revision, text }) })

function current(path: string): Written | undefined {
  const slug = slugOf(path)
  const flow = slug === undefined ? undefined : flowOf(slug)
  const file = useFiles.getState().open[path]
  return flow ? ofFlow(flow) : file && ofFile(file)
}

const undecided = (document: Written | undefined) => document?.save === 'conflict' || document?.save === 'failed'

function look(path: string, now: Written | undefined, opened: boolean): void {
  if (!now) {
    clear(path)
    kept.delete(path)
  } else if (undecided(now)) {
    // A draft that has just been opened is kept already.
    if (now.draft && opened) kept.set(path, now.content)
    if (kept.get(path) !== now.content) schedule(path, kept.has(path) ? WAIT_MS : 0)
  } else if (now.save === 'saved' && now.draft) {
    letGo(path)
  }
}

function schedule(path: string, ms: number): void {
  if (timers.has(path)) return
  timers.set(
    path,
    setTimeout(() => {
      timers.delete(path)
      keep(path).catch(() => undefined) // it is tried again
    }, ms),
  )
}

function clear(path: string): void {
  clearTimeout(timers.get(path))
  timers.delete(path)
}

async function keep(path: string): Promise<void> {
  const document = current(path)
  if (!document || !undecided(document)) return
  const { content } = document
  kept.set(path, content)
  try {
    await ask(path, async () => {
      await call('drafts.keep', document.copy())
      mark(path, true)
    })
  } catch (error) {
    if (kept.get(path) === content) kept.delete(path)
    if (current(path)) schedule(path, RETRY_MS)
    throw error
  }
}

/** Has everything that is undecided kept now: before documents are closed. */
export async function keepAllDrafts(): Promise<void> {
  const paths = [...Object.keys(useFlows.getState().open).map(flowPath), ...Object.keys(useFiles.getState().open)]
  const open = paths.filter((path) => undecided(current(path)))
  open.forEach(clear)
  await Promise.all(open.map(keep))
}

/** It is decided: the copy has done its duty. */
function letGo(path: string): void {
  clear(path)
  kept.delete(path)
  mark(path, false)
  // What stays is as the file is, and goes the next time it is opened.
  ask(path, () => call('drafts.drop', { path })).catch(() => undefined)
}

function mark(path: string, draft: boolean): void {
  const slug = slugOf(path)
  if (slug) patchFlow(slug, { draft })
  else patchFile(path, { draft })
}

function ask(path: string, work: () => Promise<unknown>): Promise<void> {
  const mine = (asked.get(path) ?? Promise.resolve()).catch(() => undefined).then(async () => void (await work()))
  asked.set(path, mine)
  return mine
}
