// Gives the rest of the studio a handle on this view, keeps where each flow was
// looked at, and answers requests to bring a block into sight.
import { useEffect, useRef, type RefObject } from 'react'
import { flushSync } from 'react-dom'
import { useStudio } from '../engine'
import { flowOf, hiddenBlocks, lanesOf, useReveal, type Box, type Point } from '../document'
import { useViewport } from './Lanes'
import { FAR, useView, type ViewHandle } from './view'
import { boxOf } from './afar/scene'
import type { CanvasNode } from './nodes'
import { getViewportForBounds, useReactFlow, useStoreApi } from './xyflow'

const views = new Map<string, { x: number; y: number; zoom: number }>()
const TOP = 52
const READABLE = 0.62

/** `nodes` is all there is, drawn or painted. */
export function useHandle(slug: string, pane: RefObject<HTMLDivElement | null>, nodes: RefObject<CanvasNode[]>): void {
  const flow = useReactFlow()
  const store = useStoreApi()
  const ready = useRef(false)

  useViewport((x, y, zoom) => {
    const percent = Math.round(zoom * 100)
    const far = zoom < FAR
    const view = useView.getState()
    if (view.zoom !== percent || view.far !== far) useView.setState({ zoom: percent, far })
    if (ready.current) views.set(slug, { x, y, zoom })
  })

  useEffect(() => {
    const seen = (): { width: number; height: number } => {
      const { width, height } = store.getState()
      return { width, height }
    }
    // A block in a collapsed frame is where the frame's card is.
    const drawn = (id: string) => {
      const doc = flowOf(slug)?.doc
      return (doc && hiddenBlocks(doc).get(id)) ?? id
    }
    const fit = (ids?: string[], maxZoom = 1) => {
      const wanted = ids && new Set(ids.map(drawn))
      const bounds = boundsOf(nodes.current.filter((node) => !wanted || wanted.has(node.id)))
      const { width, height } = seen()
      if (!bounds) return
      const view = getViewportForBounds(bounds, width, height, store.getState().minZoom, maxZoom, { top: `${TOP}px`, left: '24px', right: '24px', bottom: '24px' })
      // The picture first: else all cards would be made, for one frame.
      if (view.zoom < FAR) flushSync(() => useView.setState({ far: true }))
      void flow.setViewport(view)
    }
    const handle: ViewHandle = {
      slug,
      fit: (ids) => fit(ids, ids ? 1.25 : 1),
      zoomTo: (zoom) => void flow.zoomTo(zoom),
      zoomBy: (factor) => void flow.zoomTo(Math.min(2, Math.max(store.getState().minZoom, flow.getZoom() * factor))),
      zoom: () => flow.getZoom(),
      middle: () => {
        const { x, y, zoom } = flow.getViewport()
        const { width, height } = seen()
        return { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom }
      },
      toCanvas: (client: Point) => flow.screenToFlowPosition(client, { snapToGrid: false }),
      toClient: (canvas: Point) => flow.flowToScreenPosition(canvas),
      takeFocus: () => {
        if (document.activeElement === document.body) pane.current?.focus({ preventScroll: true })
      },
      reveal: (block, focus) => {
        const id = drawn(block)
        const node = nodes.current.find((n) => n.id === id)
        if (!node) return
        const { x, y, zoom } = flow.getViewport()
        const { width, height } = seen()
        const left = node.position.x * zoom + x
        const top = node.position.y * zoom + y
        const w = (node.width ?? 0) * zoom
        const h = (node.height ?? 0) * zoom
        const inSight = left >= 8 && top >= TOP && left + w <= width - 8 && top + h <= height - 8
        if (!inSight || zoom < FAR) {
          void flow.setCenter(node.position.x + (node.width ?? 0) / 2, node.position.y + (node.height ?? 0) / 2, { zoom: Math.max(zoom, READABLE) })
        }
        if (focus) focusCard(pane, id, 10)
      },
    }
    useView.setState({ handle })
    const kept = views.get(slug)
    let gone = false
    whenReady(
      () => gone || (store.getState().panZoom !== null && store.getState().width > 0),
      () => {
        if (gone) return
        if (kept) void flow.setViewport(kept)
        else firstLook(slug, flow, seen())
        ready.current = true
        const { slug: wanted, block } = useReveal.getState()
        if (wanted === slug && block) handle.reveal(block, false)
      },
    )
    return () => {
      gone = true
      if (useView.getState().handle === handle) useView.setState({ handle: null })
    }
  }, [slug, flow, store, pane, nodes])

  useEffect(
    () =>
      useReveal.subscribe((now, before) => {
        if (now.slug === slug && now.n !== before.n) useView.getState().handle?.reveal(now.block, now.focus)
      }),
    [slug],
  )
}

/** The smallest box around some nodes. */
function boundsOf(nodes: CanvasNode[]): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y, width, height } of nodes.map(boxOf)) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x + width)
    bottom = Math.max(bottom, y + height)
  }
  return left === Infinity ? null : { x: left, y: top, width: right - left, height: bottom - top }
}

/** Waits, frame by frame, until the drawing has a size and can be moved. */
function whenReady(test: () => boolean, run: () => void): void {
  if (test()) run()
  else requestAnimationFrame(() => whenReady(test, run))
}

/** Everything, if it can be read that way; else the beginning. */
function firstLook(slug: string, flow: ReturnType<typeof useReactFlow>, { width, height }: { width: number; height: number }): void {
  const open = flowOf(slug)
  if (!open) return
  const lanes = lanesOf(open.doc, useStudio.getState().catalogue)
  const right = Math.max(...lanes.map((lane) => lane.x + lane.width))
  const bottom = Math.max(300, ...Object.values(open.doc.layout.blocks).map((at) => at.y + 160))
  const high = (height - TOP) / bottom
  const zoom = Math.min(1, (width - 40) / right, high)
  if (zoom >= READABLE) void flow.setViewport({ x: Math.max(28, (width - right * zoom) / 2), y: 0, zoom })
  else void flow.setViewport({ x: 28, y: 0, zoom: Math.max(READABLE, Math.min(0.85, high)) })
}

function focusCard(pane: RefObject<HTMLDivElement | null>, id: string, tries: number): void {
  requestAnimationFrame(() => {
    const card = pane.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
    if (card) card.focus({ preventScroll: true })
    else if (tries > 0) focusCard(pane, id, tries - 1)
  })
}
