// How the window is divided, and what stands where. Sizes are remembered.
import { create } from 'zustand'
import { keepSetting, setting, useSettings } from '../engine'
import type { Tab } from '../document'

export type Section = 'flows' | 'actions' | 'pages' | 'users' | 'sessions' | 'provider' | 'tests' | 'contracts' | 'bundles'
export type PanelTab = 'problems' | 'debug' | 'timeline' | 'outbox' | 'http' | 'audit' | 'tokens' | 'compare' | 'outline' | 'browser'

/** The part of the project a document belongs to. */
export function sectionOf(tab: Tab): Section {
  if (tab.kind === 'flow') return 'flows'
  return tab.name.startsWith('actions/') ? 'actions' : 'pages'
}

interface Sizes {
  side: number
  inspector: number
  browser: number
  panel: number
}

interface LayoutState {
  section: Section
  sizes: Sizes
  sideOpen: boolean
  inspectorOpen: boolean
  /** Hidden to make room for the browser; comes back with the room. */
  inspectorYields: boolean
  panelOpen: boolean
  panel: PanelTab
  browserOpen: boolean
  browserDock: 'right' | 'bottom'
}

export const defaultSizes: Sizes = { side: 232, inspector: 312, browser: 420, panel: 232 }

export const useLayout = create<LayoutState>()(() => ({
  section: 'flows',
  sizes: defaultSizes,
  sideOpen: true,
  inspectorOpen: true,
  inspectorYields: false,
  panelOpen: false,
  panel: 'problems',
  browserOpen: false,
  browserDock: 'right',
}))

const kept = ['sizes', 'sideOpen', 'inspectorOpen', 'panelOpen', 'panel', 'browserOpen', 'browserDock'] as const
const panels: readonly PanelTab[] = ['problems', 'debug', 'timeline', 'outbox', 'http', 'audit', 'tokens', 'compare', 'outline', 'browser']

/** Takes the remembered division over, and remembers it from now on. */
export function rememberLayout(): () => void {
  const saved = setting<Record<string, unknown>>(useSettings.getState().values, 'layout', {})
  const state = useLayout.getState()
  useLayout.setState({
    sizes: { ...state.sizes, ...numbers(saved.sizes) },
    sideOpen: saved.sideOpen !== false,
    inspectorOpen: saved.inspectorOpen !== false,
    panelOpen: saved.panelOpen === true,
    panel: panels.find((panel) => panel === saved.panel) ?? 'problems',
    browserOpen: saved.browserOpen === true,
    browserDock: saved.browserDock === 'bottom' ? 'bottom' : 'right',
  })
  makeRoom()
  return useLayout.subscribe((now, before) => {
    if (kept.every((key) => now[key] === before[key])) return
    keepSetting('layout', Object.fromEntries(kept.map((key) => [key, now[key]])))
  })
}

function numbers(value: unknown): Partial<Sizes> {
  if (value === null || typeof value !== 'object') return {}
  return Object.fromEntries(Object.entries(value).filter(([key, n]) => key in defaultSizes && typeof n === 'number'))
}

export function resize(part: keyof Sizes, size: number): void {
  useLayout.setState((state) => ({ sizes: { ...state.sizes, [part]: size } }))
}

export function showPanel(panel: PanelTab): void {
  if (panel === 'browser') {
    showBrowser()
    return
  }
  useLayout.setState({ panel, panelOpen: true })
}

/** Clicking the tab that is in front folds the panel away. */
export function togglePanel(panel: PanelTab): void {
  const state = useLayout.getState()
  if (panel === 'browser' && state.browserDock === 'right') {
    if (state.browserOpen) hideBrowser()
    else showBrowser()
  } else if (state.panelOpen && state.panel === panel) useLayout.setState({ panelOpen: false })
  else showPanel(panel)
}

export function showBrowser(): void {
  const { browserDock } = useLayout.getState()
  if (browserDock === 'bottom') useLayout.setState({ browserOpen: true, panel: 'browser', panelOpen: true })
  else {
    useLayout.setState({ browserOpen: true })
    makeRoom()
  }
}

export function hideBrowser(): void {
  useLayout.setState((state) => ({ browserOpen: false, inspectorYields: false, panel: state.panel === 'browser' ? 'problems' : state.panel }))
}

export function dockBrowser(dock: 'right' | 'bottom'): void {
  useLayout.setState({ browserDock: dock, inspectorYields: false, panel: dock === 'bottom' ? 'browser' : 'problems' })
  showBrowser()
}

const RAIL = 64
const CANVAS_MIN = 560

/** The canvas keeps its room: when the browser comes, the inspector may go. */
export function makeRoom(): void {
  const { sizes, sideOpen, inspectorOpen, browserOpen, browserDock } = useLayout.getState()
  if (!browserOpen || browserDock !== 'right') return
  const left = window.innerWidth - RAIL - (sideOpen ? sizes.side : 0) - sizes.browser - (inspectorOpen ? sizes.inspector : 0)
  useLayout.setState({ inspectorYields: left < CANVAS_MIN })
}

export function inspectorShown(state: LayoutState): boolean {
  return state.inspectorOpen && !state.inspectorYields
}

export function toggleInspector(): void {
  const shown = inspectorShown(useLayout.getState())
  useLayout.setState({ inspectorOpen: !shown, inspectorYields: false })
}

/** Shows the settings of what is selected and gives them the keyboard. */
export function openInspector(): void {
  intoInspector('.section-body .input, .section-body .switch')
}

/** Gives the keyboard to the label of the selected block. */
export function openName(): void {
  intoInspector('#block-label')
}

function intoInspector(field: string): void {
  useLayout.setState({ inspectorOpen: true, inspectorYields: false })
  requestAnimationFrame(() => {
    const inspector = document.querySelector<HTMLElement>('[data-region="inspector"]')
    const first = inspector?.querySelector<HTMLElement>(field)
    ;(first ?? inspector)?.focus()
    if (first instanceof HTMLInputElement) first.select()
  })
}
