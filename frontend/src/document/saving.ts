// Autosave: the first edit is written at once, those that follow it closely are
// written together. What is killed loses next to nothing. One save at a time per flow;
// a save that meets somebody else's change stops and asks, it never overwrites.
import { call, inOneLine, EngineError, setLiveProblems, type LoadedFlow } from '../engine'
import { flowOf, fromDisk, patchFlow, takeTheirs, useFlows, type OpenFlow } from './store'
import { sameDoc } from './model'

const WAIT_MS = 350
const RETRY_MS = 3000

/** When each flow was last written. */
const wrote = new Map<string, number>()
const timers = new Map<string, ReturnType<typeof setTimeout>>()
/** Flows whose save is under way; edits go on meanwhile. */
const writing = new Set<string>()

/** Watches all open flows; answers how to stop. */
export function autosave(): () => void {
  return useFlows.subscribe((state, before) => {
    for (const [slug, flow] of Object.entries(state.open)) {
      const waits = flow.save === 'dirty' || flow.save === 'failed'
      if (waits && flow.doc !== before.open[slug]?.doc) schedule(slug, soon(slug))
    }
  })
}

/** At once after a rest, else with what comes in the next moment. */
function soon(slug: string): number {
  return Date.now() - (wrote.get(slug) ?? 0) > WAIT_MS ? 0 : WAIT_MS
}

function schedule(slug: string, ms: number): void {
  // The first edit sets the clock: typing on does not put the save off.
  if (timers.has(slug)) return
  timers.set(
    slug,
    setTimeout(() => {
      timers.delete(slug)
      void save(slug)
    }, ms),
  )
}

/** Writes a flow now, if there is anything to write. */
export async function save(slug: string): Promise<void> {
  const flow = flowOf(slug)
  if (!flow || writing.has(slug) || flow.save === 'conflict' || flow.doc === flow.saved) return
  const { doc, revision } = flow
  writing.add(slug)
  patchFlow(slug, { save: 'saving' })
  try {
    const answer = await call('flow.save', { slug, flow: doc.flow, layout: doc.layout, base: revision })
    patchFlow(slug, (now) => ({ saved: doc, revision: answer.revision, failure: null, save: now.doc === doc ? 'saved' : 'dirty' }))
    if (flowOf(slug)?.doc === doc) setLiveProblems(slug, answer.problems)
    else schedule(slug, WAIT_MS)
  } catch (error) {
    if (error instanceof EngineError && error.code === 'conflict') {
      patchFlow(slug, { save: 'conflict', theirs: (error.data as LoadedFlow | undefined) ?? null, failure: error })
      return
    }
    patchFlow(slug, { save: 'failed', failure: error })
    schedule(slug, RETRY_MS)
  } finally {
    writing.delete(slug)
    wrote.set(slug, Date.now())
  }
}

/** Writes everything that is not written yet; used before a run and an export. */
export async function saveAll(): Promise<void> {
  await Promise.all(Object.keys(useFlows.getState().open).map((slug) => settled(slug)))
}

async function settled(slug: string): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    const flow = flowOf(slug)
    if (!flow || flow.save === 'saved' || flow.save === 'conflict') return
    if (writing.has(slug)) await new Promise((done) => setTimeout(done, 40))
    else {
      clearTimeout(timers.get(slug))
      timers.delete(slug)
      await save(slug)
      if (flowOf(slug)?.save === 'failed') throw flowOf(slug)?.failure
    }
  }
}

/** The conflict is over: what is on disk wins. False when nothing is: let it go. */
export function reloadTheirs(slug: string): boolean {
  const flow = flowOf(slug)
  if (flow?.theirs) takeTheirs(slug, flow.theirs)
  else if (flow) patchFlow(slug, { saved: flow.doc, save: 'saved' })
  return !!flow?.theirs
}

/** The conflict is over: what is here wins, written over the newer revision or put back. */
export function keepMine(slug: string): void {
  const flow = flowOf(slug)
  if (!flow) return
  patchFlow(slug, { revision: flow.theirs?.revision ?? '', theirs: null, save: 'dirty', failure: null })
  void save(slug)
}

/** A flow's file changed outside. Answers a sentence to show, or null. */
export async function flowChangedOutside(slug: string, revision: string): Promise<string | null> {
  // Our own writes go on meanwhile: what was read counts only if none came between.
  for (let turn = 0; turn < 8; turn++) {
    await quiet(slug)
    const base = flowOf(slug)?.revision
    if (base === undefined || base === revision) return null
    let loaded: LoadedFlow
    try {
      loaded = await call('flow.load', { slug })
    } catch (error) {
      return `${slug} changed on disk and cannot be read: ${inOneLine(error)}`
    }
    const now = flowOf(slug)
    if (!now || now.revision !== base || writing.has(slug)) continue
    return loaded.revision === base ? null : meet(now, loaded)
  }
  return null
}

/** What is on disk meets what is here. */
function meet(now: OpenFlow, loaded: LoadedFlow): string | null {
  if (loaded.revision === '') {
    // It was removed, and what is kept of it is ours.
    patchFlow(now.slug, { save: 'conflict', theirs: null })
    return null
  }
  if (sameDoc(now.saved, { flow: loaded.flow, layout: loaded.layout })) {
    patchFlow(now.slug, { revision: loaded.revision })
    return null
  }
  if (sameDoc(now.doc, fromDisk(loaded))) {
    // Somebody has written just that: there is nothing left to choose.
    patchFlow(now.slug, { saved: now.doc, revision: loaded.revision, save: 'saved', theirs: null, failure: null })
    return null
  }
  if (now.save === 'saved') {
    takeTheirs(now.slug, loaded)
    return `${loaded.flow.name} changed on disk and was reloaded. Undo brings back what was here.`
  }
  patchFlow(now.slug, { save: 'conflict', theirs: loaded })
  return null
}

/** Waits for the end of a save that is under way. */
async function quiet(slug: string): Promise<void> {
  for (let turn = 0; turn < 100 && writing.has(slug); turn++) await new Promise((done) => setTimeout(done, 50))
}
