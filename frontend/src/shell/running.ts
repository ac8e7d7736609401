// Starting a run from anywhere: the flow in front, the browser beside it.
import { startRun, useStudio } from '../engine'
import { activeFlow, flowTab, openTab, saveAll, saveAllFiles, useTabs } from '../document'
import { mainFlow } from '../project'
import { attempt } from '../ui'
import { showBrowser, useLayout } from './layout'

/** A sign-in through the flow in front, else the last one looked at, else the login flow. */
export function runSignIn(): void {
  const { project } = useStudio.getState()
  const slug = activeFlow() ?? useTabs.getState().tabs.findLast((tab) => tab.kind === 'flow')?.name ?? (project && mainFlow(project)?.slug)
  if (slug) runFlow(slug)
}

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
