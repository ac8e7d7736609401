// What happens outside while a project is open: files change, runs start, stop
// and end, the line comes and goes.
import { useEffect } from 'react'
import { on, stoodStill, useRuns, viewedRun, type Project, type RunView } from '../engine'
import { activeFlow, fileChangedOutside, flowChangedOutside, goToPlace, useTabs } from '../document'
import { announce, attempt, notify } from '../ui'
import { viewHandle } from '../canvas'
import { statusAndPlace } from '../debug'
import { keepTabs } from '../project'
import { sectionOf, showPanel, useLayout } from './layout'

export function useProjectEvents(project: Project): void {
  const { dir } = project
  useEffect(
    () =>
      on('changed', ({ path, revision }) => {
        const flow = /^flows\/([^/]+?)(\.layout)?\.json$/.exec(path)
        const told = flow ? flowChangedOutside(flow[1]!, flow[2] ? '' : revision) : fileChangedOutside(path, revision)
        attempt(async () => {
          const notice = await told
          if (notice) notify.info(notice)
        })
      }),
    [],
  )
  useEffect(() => useRuns.subscribe((now, before) => follow(viewedRun(now), viewedRun(before))), [])
  useEffect(
    () =>
      useTabs.subscribe((now, before) => {
        const front = now.active === before.active ? undefined : now.tabs.find((tab) => tab.key === now.active)
        if (front) useLayout.setState({ section: sectionOf(front) })
        if (now.tabs !== before.tabs) keepTabs(dir, now.tabs.filter((tab) => tab.kind === 'flow').map((tab) => tab.name))
      }),
    [dir],
  )
}

/** A run that stops brings its block into sight; one that ends is told. */
function follow(run: RunView | undefined, before: RunView | undefined): void {
  if (!run) return
  const top = run.stack[0]
  if (run.id === before?.id && stoodStill(before, run)) return
  announce(statusAndPlace(run))
  if (run.status === 'paused' && top) {
    if (['flows', 'actions', 'pages'].includes(useLayout.getState().section)) {
      // The keyboard leaves the page of the flow, so that the next key steps on.
      const inPage = document.activeElement instanceof HTMLIFrameElement
      attempt(() => goToPlace(top, inPage))
    }
    // Who steps while they look at another panel stays there.
    const stepping = before?.id === run.id && (run.reason === 'step' || run.reason === 'back')
    if (before?.status !== 'paused' && !stepping) showPanel('debug')
  }
  if ((run.status === 'waiting' || run.status === 'running') && top && activeFlow() === top.flow) viewHandle()?.reveal(top.block, false)
  if (run.status === 'failed') showPanel('debug')
  if (run.status === 'succeeded' && before && before.id === run.id) showPanel('tokens')
}
