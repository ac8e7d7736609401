// The first second: connect, load, open what was open, follow the line.
import { chooseTransport, connect, loadSettings, loadStudio, useSettings, useStudio, type Transport } from '../engine'
import { registerCommands } from '../commands'
import { canvasCommands } from '../canvas'
import { debugCommands } from '../debug'
import { loadProjectState, openFirstTabs } from '../project'
import { attempt, followSystemTheme, notify } from '../ui'
import { useRuns } from '../engine'
import { rememberLayout, showBrowser, useLayout } from './layout'
import { applyKeptTheme } from './theme-choice'
import { shellCommands } from './commands'

/** Starts the studio over a transport: this page's own, unless another is given. */
export async function start(transport: Transport = chooseTransport()): Promise<void> {
  followSystemTheme()
  registerCommands([...shellCommands, ...canvasCommands, ...debugCommands])
  // Run opens the browser panel, wherever it is started from.
  useRuns.subscribe((now, before) => {
    if (now.expecting && !before.expecting) {
      useLayout.setState({ section: 'flows' })
      showBrowser()
    }
  })
  // A dropped file must not take the window away.
  for (const type of ['dragover', 'drop']) window.addEventListener(type, (event) => event.preventDefault())
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
}

/** The line is back: whatever was missed is asked for. */
async function again(): Promise<void> {
  await loadStudio()
  if (useStudio.getState().project) await loadProjectState()
  notify.info('Connected again.')
}
