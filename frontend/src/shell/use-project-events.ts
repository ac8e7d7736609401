// What happens outside while a project is open: files change, runs start, stop
// and end, the line comes and goes.
import { useEffect } from 'react'
import { on, stoodStill, useRuns, useStudio, viewedRun, type RunView } from '../engine'
import { activeFlow, fileChangedOutside, flowChangedOutside, goToPlace, useTabs } from '../document'
import { announce, attempt, notify } from '../ui'
import { viewHandle } from '../canvas'
import { statusAndPlace } from '../debug'
import { keepTabs } from '../project'
import { sectionOf, showPanel, useLayout } from './layout'

export function useProjectEvents(): void {
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
    () => {
      showSection()
      return useTabs.subscribe((now, before) => {
        if (now.active !== before.active) showSection()
        // Who leaves a project closes its documents, and finds them again.
        const dir = useStudio.getState().project?.dir
        if (dir && now.tabs.length > 0) keepTabs(dir, now.tabs.map((tab) => tab.key), now.active)
      })
    },
    [],
  )
}

/** The part of the project that the document in front belongs to. */
function showSection(): void {
  const { tabs, active } = useTabs.getState()
  const front = tabs.find((tab) => tab.key === active)
  if (front) useLayout.setState({ section: sectionOf(front) })
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
