// Commands of the window itself.
import { clearFaults, paintContract, proveContracts, rotateKeys, setPicker, useContracts, useProvider, useStudio } from '../engine'
import { activeFlow, closeTab, openTab, saveAll, saveAllFiles, useTabs } from '../document'
import type { Command } from '../commands'
import { attempt } from '../ui'
import { stepProblem } from '../problems'
import { closeProject, openProject, pickFolder } from '../project'
import { dockBrowser, hideBrowser, showBrowser, showPanel, toggleInspector, useLayout, type PanelTab, type Section } from './layout'
import { runSignIn } from './running'
import { openSheet } from './sheets'
import { chooseTheme } from './theme-choice'

const hasProject = () => useStudio.getState().project !== null

const sections: [Section, string][] = [
  ['flows', 'Flows'],
  ['actions', 'Actions'],
  ['pages', 'Pages'],
  ['users', 'Users'],
  ['sessions', 'Sessions'],
  ['provider', 'Provider'],
  ['tests', 'Tests'],
  ['contracts', 'Contracts'],
  ['bundles', 'Bundles'],
]
const panels: [PanelTab, string][] = [
  ['problems', 'Problems'],
  ['debug', 'Debug'],
  ['timeline', 'Timeline'],
  ['outbox', 'Outbox'],
  ['http', 'HTTP'],
  ['tokens', 'Tokens'],
  ['audit', 'Audit'],
  ['compare', 'Compare'],
  ['outline', 'Outline'],
]

function proveAll(): void {
  useLayout.setState({ section: 'contracts' })
  attempt(async () => {
    await proveContracts()
  })
}

function openFolder(): void {
  if (useStudio.getState().info?.mode !== 'window') {
    openSheet('open-folder')
    return
  }
  attempt(async () => {
    const dir = await pickFolder('Open a project')
    if (dir) await openProject(dir)
  })
}

function stepTab(by: number): void {
  const { tabs, active } = useTabs.getState()
  const at = tabs.findIndex((tab) => tab.key === active)
  const next = tabs[(at + by + tabs.length) % tabs.length]
  if (next) openTab(next)
}

/** F6 goes round the regions of the window: the way out of the canvas. */
function stepRegion(by: number): void {
  const regions = [...document.querySelectorAll<HTMLElement>('.rail, [data-region="side"], [data-keys="canvas"], [data-region="browser"], [data-region="inspector"], [data-region="panel"], [data-region="hint"]')]
  if (regions.length === 0) return
  const at = regions.findIndex((region) => region.contains(document.activeElement))
  const next = regions[(at + by + regions.length) % regions.length]!
  const focusable = next.matches('[data-keys="canvas"]') ? next : (next.querySelector<HTMLElement>('button:not(:disabled), input, [tabindex="0"]') ?? next)
  focusable.focus()
}

export const shellCommands: Command[] = [
  { id: 'file.newFlow', title: 'New flow…', menu: 'File', keys: ['Mod+Alt+N'], when: hasProject, run: () => openSheet('new-flow') },
  { id: 'file.newAction', title: 'New Action…', menu: 'File', when: hasProject, run: () => openSheet('new-action') },
  { id: 'file.newPage', title: 'New page…', menu: 'File', when: hasProject, run: () => openSheet('new-page') },
  { id: 'file.open', title: 'Open folder…', menu: 'File', group: 1, keys: ['Mod+O'], when: hasProject, run: openFolder },
  { id: 'file.importAgama', title: 'Import an Agama project…', menu: 'File', group: 1, run: () => openSheet('import-agama') },
  { id: 'file.goto', title: 'Go to…', menu: 'File', group: 1, keys: ['Mod+P'], inText: true, when: hasProject, run: () => openSheet('goto') },
  {
    id: 'file.save',
    title: 'Save now',
    menu: 'File',
    group: 2,
    keys: ['Mod+S'],
    inText: true,
    when: hasProject,
    run: async () => {
      await saveAll()
      await saveAllFiles()
    },
  },
  { id: 'file.export', title: 'Export bundle…', menu: 'File', group: 2, keys: ['Mod+E'], when: hasProject, run: () => useLayout.setState({ section: 'bundles' }) },
  {
    id: 'file.closeTab',
    title: 'Close tab',
    menu: 'File',
    group: 3,
    keys: ['Mod+Alt+W'],
    when: () => useTabs.getState().active !== null,
    run: async () => {
      const { active } = useTabs.getState()
      if (active) await closeTab(active)
    },
  },
  { id: 'file.close', title: 'Close project', menu: 'File', group: 3, when: hasProject, run: closeProject },
  { id: 'edit.findBlock', title: 'Go to a block…', menu: 'Edit', group: 5, keys: ['Mod+Shift+O'], inText: true, when: () => activeFlow() !== null, run: () => openSheet('find') },
  { id: 'edit.nextProblem', title: 'Next problem', menu: 'Edit', group: 5, keys: ['F8'], inText: true, when: hasProject, run: () => stepProblem(1) },
  { id: 'edit.previousProblem', title: 'Previous problem', menu: 'Edit', group: 5, keys: ['Shift+F8'], inText: true, when: hasProject, run: () => stepProblem(-1) },
  { id: 'view.commands', title: 'Command palette…', menu: 'View', keys: ['Mod+K', 'Mod+Shift+P'], inText: true, hidden: true, run: () => openSheet('commands') },
  ...sections.map(([id, title]): Command => ({ id: `view.section.${id}`, title: `Show ${title}`, menu: 'View', group: 3, when: hasProject, run: () => useLayout.setState({ section: id, sideOpen: true }) })),
  ...panels.map(([id, title]): Command => ({ id: `view.panel.${id}`, title: `Show ${title} panel`, menu: 'View', group: 4, when: hasProject, run: () => showPanel(id) })),
  { id: 'view.browser', title: 'Show or hide the browser', menu: 'View', group: 4, keys: ['Mod+B'], when: hasProject, run: () => (useLayout.getState().browserOpen ? hideBrowser() : showBrowser()) },
  { id: 'view.browserRight', title: 'Browser beside the canvas', menu: 'View', group: 4, when: hasProject, run: () => dockBrowser('right') },
  { id: 'view.browserBottom', title: 'Browser at the bottom', menu: 'View', group: 4, when: hasProject, run: () => dockBrowser('bottom') },
  { id: 'view.inspector', title: 'Show or hide the inspector', menu: 'View', group: 5, keys: ['Mod+I'], when: hasProject, run: toggleInspector },
  { id: 'view.side', title: 'Show or hide the explorer', menu: 'View', group: 5, when: hasProject, run: () => useLayout.setState((state) => ({ sideOpen: !state.sideOpen })) },
  { id: 'view.panel', title: 'Show or hide the panel', menu: 'View', group: 5, keys: ['Mod+J'], when: hasProject, run: () => useLayout.setState((state) => ({ panelOpen: !state.panelOpen })) },
  { id: 'view.theme.system', title: 'Theme: follow the system', menu: 'View', group: 6, run: () => chooseTheme('system') },
  { id: 'view.theme.light', title: 'Theme: light', menu: 'View', group: 6, run: () => chooseTheme('light') },
  { id: 'view.theme.dark', title: 'Theme: dark', menu: 'View', group: 6, run: () => chooseTheme('dark') },
  { id: 'view.nextTab', title: 'Next tab', keys: ['Mod+Alt+ArrowRight'], inText: true, when: hasProject, run: () => stepTab(1) },
  { id: 'view.previousTab', title: 'Previous tab', keys: ['Mod+Alt+ArrowLeft'], inText: true, when: hasProject, run: () => stepTab(-1) },
  { id: 'view.nextRegion', title: 'Next part of the window', keys: ['Alt+F6'], inText: true, when: hasProject, run: () => stepRegion(1) },
  { id: 'view.previousRegion', title: 'Previous part of the window', keys: ['Alt+Shift+F6'], inText: true, when: hasProject, run: () => stepRegion(-1) },
  { id: 'run.signIn', title: 'Run a sign-in', when: hasProject, run: runSignIn },
  { id: 'contracts.prove', title: 'Prove all contracts', when: hasProject, run: proveAll },
  { id: 'contracts.unpaint', title: 'No longer paint the path that breaks a contract', when: () => useContracts.getState().painted !== null, run: () => paintContract(null) },
  { id: 'provider.rotate', title: 'Rotate the signing keys', when: hasProject, run: rotateKeys },
  { id: 'provider.clearFaults', title: 'Clear all faults of the provider', when: () => hasProject() && Object.keys(useProvider.getState().faults).length > 0, run: () => clearFaults() },
  { id: 'provider.picker', title: 'Pick people instead of signing in, or no longer', when: hasProject, run: () => setPicker(!useProvider.getState().picker) },
  { id: 'help.shortcuts', title: 'Keyboard shortcuts', menu: 'Help', keys: ['?'], run: () => openSheet('shortcuts') },
  { id: 'help.about', title: 'About Authflow Studio', menu: 'Help', run: () => openSheet('about') },
]
