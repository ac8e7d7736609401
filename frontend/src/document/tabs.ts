// Which documents stand in the tabs, and which of them is in front.
import { create } from 'zustand'
import { keepAllDrafts, slugOf } from './drafts'
import { closeAllFiles, closeFile, openFile, saveFile } from './files'
import { save } from './saving'
import { closeAllFlows, closeFlow, flowOf, openFlow, select } from './store'

export interface Tab {
  /** `flow:<slug>` or `file:<path>`. */
  key: string
  kind: 'flow' | 'file'
  /** The slug or the path. */
  name: string
}

interface TabsState {
  tabs: Tab[]
  active: string | null
}

export const useTabs = create<TabsState>()(() => ({ tabs: [], active: null }))

export function flowTab(slug: string): Tab {
  return { key: `flow:${slug}`, kind: 'flow', name: slug }
}

export function fileTab(path: string): Tab {
  return { key: `file:${path}`, kind: 'file', name: path }
}

/** The tab of a file. */
export function tabOf(path: string): Tab {
  const slug = slugOf(path)
  return slug ? flowTab(slug) : fileTab(path)
}

export function openTab(tab: Tab): void {
  useTabs.setState((state) => ({
    tabs: state.tabs.some((t) => t.key === tab.key) ? state.tabs : [...state.tabs, tab],
    active: tab.key,
  }))
  void (tab.kind === 'flow' ? openFlow(tab.name) : openFile(tab.name))
}

export async function closeTab(key: string): Promise<void> {
  const tab = useTabs.getState().tabs.find((t) => t.key === key)
  if (!tab) return
  await (tab.kind === 'flow' ? save(tab.name) : saveFile(tab.name))
  // What cannot be written waits for the next time it is opened.
  await keepAllDrafts()
  useTabs.setState((state) => {
    const at = state.tabs.findIndex((t) => t.key === key)
    const tabs = state.tabs.filter((t) => t.key !== key)
    const active = state.active === key ? (tabs[Math.min(at, tabs.length - 1)]?.key ?? null) : state.active
    return { tabs, active }
  })
  if (tab.kind === 'flow') closeFlow(tab.name)
  else closeFile(tab.name)
}

export function closeAllTabs(): void {
  useTabs.setState({ tabs: [], active: null })
  closeAllFlows()
  closeAllFiles()
}

/** The slug of the flow in front, if a flow is in front. */
export function activeFlow(state: TabsState = useTabs.getState()): string | null {
  const tab = state.tabs.find((t) => t.key === state.active)
  return tab?.kind === 'flow' ? tab.name : null
}

/** Brings a block into view: its flow in front, the block selected and, if asked, given the keyboard. */
export async function goToBlock(slug: string, block: string, focus = false): Promise<void> {
  openTab(flowTab(slug))
  await openFlow(slug)
  if (flowOf(slug)?.doc.flow.blocks[block]) {
    select(slug, [block])
    useReveal.setState({ slug, block, focus, n: useReveal.getState().n + 1 })
  }
}

/** Asks the canvas to bring a block into sight; `n` makes each request new. */
export const useReveal = create<{ slug: string; block: string; focus: boolean; n: number }>()(() => ({ slug: '', block: '', focus: false, n: 0 }))

/** Asks a code editor to go to a line; `n` makes each request new. */
export const useLine = create<{ path: string; line: number; n: number }>()(() => ({ path: '', line: 1, n: 0 }))

export function goToLine(path: string, line: number): void {
  useLine.setState((state) => ({ path, line, n: state.n + 1 }))
}
