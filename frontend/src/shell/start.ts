// The first second: connect, load, open what was open, follow the line.
import { call, chooseTransport, connect, flushSettings, loadSettings, loadStudio, setProject, useCompare, useRuns, useSettings, useStudio, type Transport } from '../engine'
import { fileChangedOutside, flowChangedOutside, saveAll, saveAllFiles, useFiles, useFlows } from '../document'
import { followKeys, registerCommands } from '../commands'
import { followComparing } from '../compare'
import { loadProjectState, openFirstTabs, openUnwritten } from '../project'
import { attempt, followSystemTheme, notify } from '../ui'
import { studioCommands } from './all-commands'
import { rememberLayout, showBrowser, showPanel, useLayout } from './layout'
import { applyKeptTheme } from './theme-choice'
import { watchForUnforeseen } from './unforeseen'

/** Starts the studio over a transport: this page's own, unless another is given. */
export async function start(transport: Transport = chooseTransport()): Promise<void> {
  watchForUnforeseen()
  followSystemTheme()
  registerCommands(studioCommands)
  followKeys()
  followComparing()
  useCompare.subscribe((now, before) => {
    if (!now.against || now.against === before.against) return
    useLayout.setState({ section: 'flows' })
    showPanel('compare')
  })
  // Run opens the browser panel, wherever it is started from.
  useRuns.subscribe((now, before) => {
    if (now.expecting && !before.expecting) {
      useLayout.setState({ section: 'flows' })
      showBrowser()
    }
  })
  // A dropped file must not take the window away.
  for (const type of ['dragover', 'drop']) {
    window.addEventListener(type, (event) => {
      const field = event.target instanceof HTMLInputElement && event.target.type === 'file'
      if (!field) event.preventDefault()
    })
  }
  // A window that goes out of sight may be gone next: what is unsaved is written now.
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) return
    flushSettings()
    saveAll().catch(() => undefined)
    void saveAllFiles()
  })
  let lost = false
  connect(transport, (up) => {
    useStudio.setState({ linked: up })
    if (!up) lost = true
    else if (lost) {
      lost = false
      attempt(again)
    }
  })
  await loadSettings().catch(() => useSettings.setState({ loaded: true }))
  applyKeptTheme()
  rememberLayout()
  await loadStudio()
  const { project } = useStudio.getState()
  if (!project) return
  openFirstTabs(project)
  await loadProjectState()
  await openUnwritten()
}

/** The line is back: whatever was missed is asked for, what waited is written. */
async function again(): Promise<void> {
  const before = useStudio.getState().project
  await loadStudio()
  const now = useStudio.getState().project
  // The studio was started anew meanwhile: it gets back what was open here.
  if (before && !now) setProject(await call('project.open', { dir: before.dir }))
  if (!useStudio.getState().project) return
  await loadProjectState()
  for (const slug of Object.keys(useFlows.getState().open)) await told(flowChangedOutside(slug, ''))
  for (const path of Object.keys(useFiles.getState().open)) await told(fileChangedOutside(path, ''))
  await saveAll()
  await saveAllFiles()
  notify.info('Connected again.')
}

async function told(notice: Promise<string | null>): Promise<void> {
  const text = await notice
  if (text) notify.info(text)
}
