// Text files of the project that are open: Actions and pages. The same promise as
// for flows: on disk within a second, never over somebody else's change.
import { create } from 'zustand'
import { call, inOneLine, EngineError, setFileProblems, type LoadedFile } from '../engine'
import type { SaveState } from './store'

export interface OpenFile {
  path: string
  text: string
  saved: string
  revision: string
  save: SaveState
  failure: unknown
  theirs: LoadedFile | null
  /** A copy of what is here is kept beside the project. */
  draft: boolean
  /** Grows when the text is replaced from outside, so that the editor takes it. */
  version: number
}

interface FilesState {
  open: Record<string, OpenFile>
  failed: Record<string, unknown>
}

export const useFiles = create<FilesState>()(() => ({ open: {}, failed: {} }))

const WAIT_MS = 200
const RETRY_MS = 3000
/** When each file was last written. */
const wrote = new Map<string, number>()
const timers = new Map<string, ReturnType<typeof setTimeout>>()
/** Files whose save is under way; typing goes on meanwhile. */
const writing = new Set<string>()

export function acceptFile(loaded: LoadedFile): void {
  const file: OpenFile = { path: loaded.path, text: loaded.text, saved: loaded.text, revision: loaded.revision, save: 'saved', failure: null, theirs: null, draft: false, version: 0 }
  useFiles.setState((state) => {
    const failed = { ...state.failed }
    delete failed[loaded.path]
    return { open: { ...state.open, [loaded.path]: recovered(file, loaded) }, failed }
  })
  if (useFiles.getState().open[loaded.path]?.save === 'dirty') schedule(loaded.path, 0)
}

/** What could not be written the last time is here again; where the file has
    changed since, it is to be chosen. */
function recovered(file: OpenFile, { draft, ...disk }: LoadedFile): OpenFile {
  if (draft?.text === undefined) return file
  // The file is gone: what was edited is all there is.
  if (disk.revision === '') return { ...file, saved: '', draft: true, save: 'conflict' }
  if (draft.text === file.text) return { ...file, draft: true }
  const changed = draft.base !== disk.revision
  return { ...file, text: draft.text, draft: true, revision: draft.base, theirs: changed ? disk : null, save: changed ? 'conflict' : 'dirty' }
}

export async function openFile(path: string): Promise<void> {
  if (useFiles.getState().open[path]) return
  try {
    acceptFile(await call('file.load', { path }))
  } catch (error) {
    useFiles.setState((state) => ({ failed: { ...state.failed, [path]: error } }))
  }
}

export function closeFile(path: string): void {
  useFiles.setState((state) => {
    const open = { ...state.open }
    delete open[path]
    return { open }
  })
}

export function closeAllFiles(): void {
  useFiles.setState({ open: {}, failed: {} })
}

export function patchFile(path: string, change: Partial<OpenFile>): void {
  useFiles.setState((state) => {
    const file = state.open[path]
    return file ? { open: { ...state.open, [path]: { ...file, ...change } } } : state
  })
}

export function typeFile(path: string, text: string): void {
  const file = useFiles.getState().open[path]
  if (!file || file.text === text) return
  const save: SaveState = file.save === 'conflict' ? 'conflict' : text === file.saved ? 'saved' : 'dirty'
  patchFile(path, { text, save })
  // At once after a rest, else with what is typed in the next moment.
  if (save === 'dirty') schedule(path, Date.now() - (wrote.get(path) ?? 0) > WAIT_MS ? 0 : WAIT_MS)
}

function schedule(path: string, ms: number): void {
  if (timers.has(path)) return
  timers.set(
    path,
    setTimeout(() => {
      timers.delete(path)
      void saveFile(path)
    }, ms),
  )
}

export async function saveFile(path: string): Promise<void> {
  const file = useFiles.getState().open[path]
  if (!file || writing.has(path) || file.save === 'conflict' || file.text === file.saved) return
  writing.add(path)
  patchFile(path, { save: 'saving' })
  try {
    const answer = await call('file.save', { path, text: file.text, base: file.revision })
    const now = useFiles.getState().open[path]
    patchFile(path, { saved: file.text, revision: answer.revision, failure: null, save: now?.text === file.text ? 'saved' : 'dirty' })
    setFileProblems(path, answer.problems)
    if (now && now.text !== file.text) schedule(path, WAIT_MS)
  } catch (error) {
    if (error instanceof EngineError && error.code === 'conflict') {
      patchFile(path, { save: 'conflict', theirs: (error.data as LoadedFile | undefined) ?? null, failure: error })
      return
    }
    patchFile(path, { save: 'failed', failure: error })
    schedule(path, RETRY_MS)
  } finally {
    writing.delete(path)
    wrote.set(path, Date.now())
  }
}

export async function saveAllFiles(): Promise<void> {
  await Promise.all(Object.keys(useFiles.getState().open).map(saveFile))
}

function replaceText(path: string, loaded: LoadedFile): void {
  const file = useFiles.getState().open[path]
  if (!file) return
  patchFile(path, { text: loaded.text, saved: loaded.text, revision: loaded.revision, save: 'saved', theirs: null, failure: null, version: file.version + 1 })
}

/** The conflict is over: what is on disk wins. False when nothing is: let it go. */
export function reloadFile(path: string): boolean {
  const file = useFiles.getState().open[path]
  if (file?.theirs) replaceText(path, file.theirs)
  else if (file) patchFile(path, { saved: file.text, save: 'saved' })
  return !!file?.theirs
}

/** The conflict is over: what is here wins, also over a file that is gone. */
export async function keepMyFile(path: string): Promise<void> {
  const file = useFiles.getState().open[path]
  if (!file) return
  const revision = file.theirs?.revision ?? ''
  patchFile(path, { revision, theirs: null, save: 'dirty' })
  await saveFile(path)
}

/** A file changed outside. Answers a sentence to show, or null. */
export async function fileChangedOutside(path: string, revision: string): Promise<string | null> {
  const open = () => useFiles.getState().open[path]
  // Our own writes go on meanwhile: what was read counts only if none came between.
  for (let turn = 0; turn < 8; turn++) {
    for (let wait = 0; wait < 100 && writing.has(path); wait++) await new Promise((done) => setTimeout(done, 50))
    const base = open()?.revision
    if (base === undefined || base === revision) return null
    let loaded: LoadedFile
    try {
      loaded = await call('file.load', { path })
    } catch (error) {
      return `${path} changed on disk and cannot be read: ${inOneLine(error)}`
    }
    const now = open()
    if (!now || now.revision !== base || writing.has(path)) continue
    return loaded.revision === base ? null : meet(now, loaded)
  }
  return null
}

/** What is on disk meets what is here. */
function meet(now: OpenFile, loaded: LoadedFile): string | null {
  if (loaded.revision === '') {
    // It was removed, and what is kept of it is ours.
    patchFile(now.path, { save: 'conflict', theirs: null })
    return null
  }
  if (loaded.text === now.saved) {
    patchFile(now.path, { revision: loaded.revision })
    return null
  }
  if (loaded.text === now.text) {
    // Somebody has written just that: there is nothing left to choose.
    patchFile(now.path, { saved: loaded.text, revision: loaded.revision, save: 'saved', theirs: null, failure: null })
    return null
  }
  if (now.save === 'saved') {
    replaceText(now.path, loaded)
    return `${now.path} changed on disk and was reloaded.`
  }
  patchFile(now.path, { save: 'conflict', theirs: loaded })
  return null
}
