// The flows that are open: their documents, histories, selections and how far
// each is saved. Every edit of every feature goes through `edit` here.
import { create } from 'zustand'
import { call, descriptorOf, dropLiveProblems, useStudio, type LoadedFlow } from '../engine'
import { arrangeMissing } from './arrange'
import type { Edit } from './edits'
import { emptyHistory, record, redo, undo, type History } from './history'
import { sameDoc, type Doc } from './model'

export type SaveState = 'saved' | 'dirty' | 'saving' | 'failed' | 'conflict'

export interface OpenFlow {
  slug: string
  doc: Doc
  /** The document as it is on disk. */
  saved: Doc
  revision: string
  history: History
  save: SaveState
  /** Why the last save failed. */
  failure: unknown
  /** What stands on disk instead of what we began with; in a conflict, null: nothing. */
  theirs: LoadedFlow | null
  /** A copy of what is here is kept beside the project. */
  draft: boolean
  /** Selected blocks, and at most one selected edge. */
  blocks: string[]
  edge: string | null
}

interface FlowsState {
  open: Record<string, OpenFlow>
  loading: Record<string, boolean>
  failed: Record<string, unknown>
}

export const useFlows = create<FlowsState>()(() => ({ open: {}, loading: {}, failed: {} }))

export function fromDisk(loaded: LoadedFlow): Doc {
  return arrangeMissing({ flow: loaded.flow, layout: normal(loaded) }, useStudio.getState().catalogue, descriptorOf)
}

function normal(loaded: LoadedFlow): Doc['layout'] {
  const { blocks, notes, frames, expanded } = loaded.layout ?? {}
  return { format: 1, blocks: { ...blocks }, ...(notes && { notes }), ...(frames && { frames }), ...(expanded && { expanded }) }
}

/** Takes a flow as it came from Go into the editor. */
export function acceptFlow(loaded: LoadedFlow): void {
  const doc = fromDisk(loaded)
  const fresh: OpenFlow = {
    slug: loaded.slug,
    doc,
    saved: doc,
    revision: loaded.revision,
    history: emptyHistory,
    save: 'saved',
    failure: null,
    theirs: null,
    draft: false,
    blocks: [],
    edge: null,
  }
  useFlows.setState((state) => ({ open: { ...state.open, [loaded.slug]: recovered(fresh, loaded) }, failed: omit(state.failed, loaded.slug) }))
}

/** What could not be written the last time is here again: as one step that can be
    undone, and to be chosen where the file has changed since. */
function recovered(fresh: OpenFlow, { draft, ...disk }: LoadedFlow): OpenFlow {
  if (!draft?.flow || !draft.layout) return fresh
  // The file is gone: what was edited is all there is.
  if (disk.revision === '') return { ...fresh, saved: { ...fresh.doc }, draft: true, save: 'conflict' }
  const mine = fromDisk({ ...disk, flow: draft.flow, layout: draft.layout })
  if (sameDoc(mine, fresh.doc)) return { ...fresh, draft: true }
  const history = record(emptyHistory, { label: 'Bring back what was not written', before: fresh.doc, after: mine, at: Date.now() })
  const changed = draft.base !== disk.revision
  return { ...fresh, doc: mine, history, draft: true, revision: draft.base, theirs: changed ? disk : null, save: changed ? 'conflict' : 'dirty' }
}

/** Opens a flow unless it is open already. */
export async function openFlow(slug: string): Promise<void> {
  const state = useFlows.getState()
  if (state.open[slug] || state.loading[slug]) return
  useFlows.setState((s) => ({ loading: { ...s.loading, [slug]: true } }))
  try {
    acceptFlow(await call('flow.load', { slug }))
  } catch (error) {
    useFlows.setState((s) => ({ failed: { ...s.failed, [slug]: error } }))
  } finally {
    useFlows.setState((s) => ({ loading: omit(s.loading, slug) }))
  }
}

/** Tries a flow again that could not be loaded. */
export async function retryFlow(slug: string): Promise<void> {
  useFlows.setState((s) => ({ failed: omit(s.failed, slug) }))
  await openFlow(slug)
}

export function closeFlow(slug: string): void {
  dropLiveProblems(slug)
  useFlows.setState((state) => ({ open: omit(state.open, slug), failed: omit(state.failed, slug) }))
}

export function closeAllFlows(): void {
  useFlows.setState({ open: {}, loading: {}, failed: {} })
}

function omit<T>(record: Record<string, T>, key: string): Record<string, T> {
  const next = { ...record }
  delete next[key]
  return next
}

export function flowOf(slug: string): OpenFlow | undefined {
  return useFlows.getState().open[slug]
}

export function patchFlow(slug: string, change: Partial<OpenFlow> | ((flow: OpenFlow) => Partial<OpenFlow>)): void {
  useFlows.setState((state) => {
    const flow = state.open[slug]
    if (!flow) return state
    const patch = typeof change === 'function' ? change(flow) : change
    return { open: { ...state.open, [slug]: { ...flow, ...patch } } }
  })
}

function moved(flow: OpenFlow, doc: Doc): Partial<OpenFlow> {
  const dirty = doc !== flow.saved
  const stays = flow.save === 'conflict' || flow.save === 'failed'
  const save = stays && (dirty || flow.save === 'conflict') ? flow.save : dirty ? 'dirty' : 'saved'
  const blocks = flow.blocks.filter((id) => doc.flow.blocks[id])
  return { doc, save, blocks: blocks.length === flow.blocks.length ? flow.blocks : blocks }
}

/** Does an edit and remembers how to undo it. False when nothing changed. */
export function edit(slug: string, step: Edit): boolean {
  const flow = flowOf(slug)
  if (!flow) return false
  const after = step.apply(flow.doc)
  if (after === flow.doc || sameDoc(after, flow.doc)) return false
  const history = record(flow.history, { label: step.label, before: flow.doc, after, merge: step.merge, at: Date.now() })
  patchFlow(slug, { ...moved(flow, after), history })
  return true
}

export function undoEdit(slug: string): string | null {
  const flow = flowOf(slug)
  const back = flow && undo(flow.history)
  if (!back) return null
  patchFlow(slug, { ...moved(flow, back.step.before), history: back.history })
  return back.step.label
}

export function redoEdit(slug: string): string | null {
  const flow = flowOf(slug)
  const again = flow && redo(flow.history)
  if (!again) return null
  patchFlow(slug, { ...moved(flow, again.step.after), history: again.history })
  return again.step.label
}

/** Takes what is on disk instead of what is here; one step, so it can be undone. */
export function takeTheirs(slug: string, loaded: LoadedFlow): void {
  const doc = fromDisk(loaded)
  patchFlow(slug, (flow) => ({
    ...moved({ ...flow, saved: doc }, doc),
    saved: doc,
    revision: loaded.revision,
    save: 'saved',
    theirs: null,
    failure: null,
    history: sameDoc(doc, flow.doc)
      ? flow.history
      : record(flow.history, { label: 'Reload from disk', before: flow.doc, after: doc, at: Date.now() }),
  }))
}

export function select(slug: string, blocks: string[], edge: string | null = null): void {
  const flow = flowOf(slug)
  if (!flow) return
  if (flow.edge === edge && flow.blocks.length === blocks.length && flow.blocks.every((id, i) => id === blocks[i])) return
  patchFlow(slug, { blocks, edge })
}
