// Problems as you type: each new state of a flow is sent to be checked, off the
// path of the edit itself; only the newest answer counts.
import { call, setLiveProblems, useProblems, useStudio } from '../engine'
import { flowOf, useFlows } from './store'
import type { Doc } from './model'

const WAIT_MS = 200
/** A large flow is looked at less often, so that looking stays a small part of the time. */
const SHARE = 4

/** Watches all open flows; answers how to stop. */
export function autocheck(): () => void {
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const asked = new Map<string, Doc>()
  const waits = new Map<string, number>()
  const ask = (slug: string) => {
    const flow = flowOf(slug)
    if (!flow || asked.get(slug) === flow.doc) return
    const { doc } = flow
    const began = performance.now()
    asked.set(slug, doc)
    call('flow.check', { slug, flow: doc.flow })
      .then((problems) => {
        waits.set(slug, Math.max(WAIT_MS, (performance.now() - began) * SHARE))
        if (flowOf(slug)?.doc === doc) setLiveProblems(slug, problems)
      })
      // Not to know is no news; the save that follows reports a broken line.
      .catch(() => asked.delete(slug))
  }
  const later = (slug: string) => {
    clearTimeout(timers.get(slug))
    timers.set(slug, setTimeout(() => ask(slug), waits.get(slug) ?? WAIT_MS))
  }
  // An Action may bring or lose an outcome: what was found in unsaved flows is old.
  const stopActions = useStudio.subscribe((now, before) => {
    if (now.project?.actions === before.project?.actions) return
    asked.clear()
    Object.keys(useProblems.getState().live).forEach(later)
  })
  // What is suppressed from now on, or no longer, is so in unsaved flows, too.
  const stopSuppressed = useProblems.subscribe((now, before) => {
    if (now.suppressed === before.suppressed) return
    asked.clear()
    Object.keys(now.live).forEach(later)
  })
  const stopFlows = useFlows.subscribe((state, before) => {
    for (const [slug, flow] of Object.entries(state.open)) {
      const old = before.open[slug]?.doc
      if (old === undefined || old.flow === flow.doc.flow) continue
      later(slug)
    }
  })
  return () => {
    stopActions()
    stopSuppressed()
    stopFlows()
  }
}
