// The browser panel's page and the world it is seen from: Go's user agent, told
// where to go and what was filled in.
import { create } from 'zustand'
import { call, on } from './client'
import type { BrowserView, Harness, WorldSettings } from './types'

interface BrowsingState {
  view: BrowserView | null
  harness: Harness | null
  world: WorldSettings | null
}

export const useBrowsing = create<BrowsingState>()(() => ({ view: null, harness: null, world: null }))

export async function loadBrowsing(): Promise<void> {
  const [view, harness, world] = await Promise.all([call('browser.get'), call('harness.get'), call('world.get')])
  useBrowsing.setState({ view, harness, world })
}

export async function setWorld(world: WorldSettings): Promise<void> {
  useBrowsing.setState({ world: await call('world.set', world) })
}

/** Answers of older requests may overtake each other: the higher seq wins. */
function acceptView(view: BrowserView): void {
  useBrowsing.setState((state) => (state.view && state.view.seq > view.seq ? state : { view }))
}

export function clearBrowsing(): void {
  useBrowsing.setState({ view: null, harness: null, world: null })
}

on('browser', acceptView)
// Whoever edits world.yaml has changed who can sign in.
on('project', () => {
  if (useBrowsing.getState().harness === null) return
  void call('harness.get').then((harness) => useBrowsing.setState({ harness }), () => undefined)
})
