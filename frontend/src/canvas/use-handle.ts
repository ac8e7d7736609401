// Gives the rest of the studio a handle on this view, keeps where each flow was
// looked at, and answers requests to bring a block into sight.
import { useEffect, type RefObject } from 'react'
import { useStudio } from '../engine'
import { flowOf, lanesOf, useReveal, type Point } from '../document'
import { useViewport } from './Lanes'
import { FAR, useView, type ViewHandle } from './view'
import { useReactFlow, useStoreApi } from './xyflow'

const views = new Map<string, { x: number; y: number; zoom: number }>()
const TOP = 52
const READABLE = 0.62

export function useHandle(slug: string, pane: RefObject<HTMLDivElement | null>): void {
  const flow = useReactFlow()
  const store = useStoreApi()

  useViewport((x, y, zoom) => {
    const percent = Math.round(zoom * 100)
    const far = zoom < FAR
    const view = useView.getState()
    if (view.zoom !== percent || view.far !== far) useView.setState({ zoom: percent, far })
    if (store.getState().width > 0) views.set(slug, { x, y, zoom })
  })

  useEffect(() => {
    const seen = (): { width: number; height: number } => {
      const { width, height } = store.getState()
      return { width, height }
    }
    const fit = (ids?: string[], maxZoom = 1) =>
      void flow.fitView({ padding: { top: `${TOP}px`, left: '24px', right: '24px', bottom: '24px' }, maxZoom, nodes: ids?.map((id) => ({ id })) })
    const handle: ViewHandle = {
      slug,
      fit: (ids) => fit(ids, ids ? 1.25 : 1),
      zoomTo: (zoom) => void flow.zoomTo(zoom),
      zoomBy: (factor) => void flow.zoomTo(Math.min(2, Math.max(0.1, flow.getZoom() * factor))),
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
      reveal: (id, focus) => {
        const node = flow.getNode(id)
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
        if (focus) focusCard(pane, id, 3)
      },
    }
    useView.setState({ handle })
    const kept = views.get(slug)
    if (kept) void flow.setViewport(kept)
    else firstLook(slug, flow, seen)
    return () => {
      if (useView.getState().handle === handle) useView.setState({ handle: null })
    }
  }, [slug, flow, store, pane])

  useEffect(
    () =>
      useReveal.subscribe((now, before) => {
        if (now.slug === slug && now.n !== before.n) useView.getState().handle?.reveal(now.block, now.focus)
      }),
    [slug],
  )
  useEffect(() => {
    // A request made before this flow was in front.
    const { slug: wanted, block } = useReveal.getState()
    if (wanted === slug && block) requestAnimationFrame(() => useView.getState().handle?.reveal(block, false))
  }, [slug])
}

/** Everything, if it can be read that way; else the beginning. */
function firstLook(slug: string, flow: ReturnType<typeof useReactFlow>, seen: () => { width: number; height: number }): void {
  const look = () => {
    const open = flowOf(slug)
    const { width, height } = seen()
    if (!open) return
    if (width === 0) {
      requestAnimationFrame(look)
      return
    }
    const lanes = lanesOf(open.doc, useStudio.getState().catalogue)
    const right = Math.max(...lanes.map((lane) => lane.x + lane.width))
    const places = Object.values(open.doc.layout.blocks)
    const bottom = Math.max(300, ...places.map((at) => at.y + 160))
    const zoom = Math.min(1, (width - 16) / right, (height - TOP - 16) / bottom)
    if (zoom >= READABLE) void flow.setViewport({ x: Math.max(8, (width - right * zoom) / 2), y: 12, zoom })
    else void flow.setViewport({ x: 20, y: 12, zoom: Math.max(READABLE, Math.min(0.85, (height - TOP - 16) / bottom)) })
  }
  look()
}

function focusCard(pane: RefObject<HTMLDivElement | null>, id: string, tries: number): void {
  requestAnimationFrame(() => {
    const card = pane.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)
    if (card) card.focus({ preventScroll: true })
    else if (tries > 0) focusCard(pane, id, tries - 1)
  })
}
