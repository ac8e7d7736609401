// Starting a run from anywhere: the flow in front, the browser beside it.
import { startRun } from '../engine'
import { flowTab, openTab, saveAll, saveAllFiles } from '../document'
import { attempt } from '../ui'
import { showBrowser, useLayout } from './layout'

/** Runs a flow that was just created or chosen. */
export function runFlow(slug: string): void {
  openTab(flowTab(slug))
  useLayout.setState({ section: 'flows' })
  showBrowser()
  attempt(async () => {
    await saveAll()
    await saveAllFiles()
    await startRun(slug)
  })
}
