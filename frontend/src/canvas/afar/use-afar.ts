// From afar a large flow is a picture, and only what one has to do with is real:
// the card beneath the pointer, those that are selected, in the keyboard's hands
// or at work. Whatever is clicked, dragged or asked for a menu is so a card as always.
import { useEffect, useMemo, useState, type RefObject } from 'react'
import { flushSync } from 'react-dom'
import { create } from 'zustand'
import { useRuns, useStudio } from '../../engine'
import { select, useFlows, type OpenFlow } from '../../document'
import { runMarks } from '../marks'
import type { CanvasNode, WireEdge } from '../nodes'
import { useView } from '../view'
import { useStoreApi } from '../xyflow'
import { paintedAt, showPainted } from './painted'
import { meets, SceneDrawer, type Scene } from './scene'

/** Fewer cards than this are drawn as cards at any distance. */
const MANY = 100
/** More selected cards than this stay part of the picture. */
const FEW = 24
const STANDS = 90

/** The wire beneath the pointer, on a picture. */
export const usePointed = create<{ wire: string | null }>()(() => ({ wire: null }))

export interface Afar {
  /** What is painted, or null when everything is real. */
  scene: Scene | null
  nodes: CanvasNode[]
  edges: WireEdge[]
}

const noEdges: WireEdge[] = []
export function useAfar(open: OpenFlow, pane: RefObject<HTMLDivElement | null>, nodes: CanvasNode[], edges: WireEdge[]): Afar {
  const { slug, blocks: chosen, edge: chosenEdge } = open
  const far = useView((state) => state.far)
  const families = useStudio((state) => state.catalogue?.families)
  const current = useRuns((state) => runMarks(state, slug)?.current ?? null)
  const [drawer] = useState(() => new SceneDrawer())
  const painted = far && nodes.length > MANY
  const scene = useMemo(() => (painted ? drawer.draw(slug, nodes, edges, families ?? []) : null), [painted, drawer, slug, nodes, edges, families])
  const pointed = usePointedCard(pane, painted)
  const focused = useFocusedCard(pane, painted)
  useBoxSelection(slug, scene)
  useEffect(() => {
    showPainted(scene)
    return () => showPainted(null)
  }, [scene])

  const real = useMemo(() => {
    const ids = new Set([pointed, focused, current])
    if (chosen.length <= FEW) chosen.forEach((id) => ids.add(id))
    const wire = edges.find((edge) => edge.id === chosenEdge)
    if (wire) [wire.source, wire.target].forEach((id) => ids.add(id))
    return ids
  }, [pointed, focused, current, chosen, chosenEdge, edges])
  const few = useMemo(() => (painted ? nodes.filter((node) => real.has(node.id) || isPiece(node)) : nodes), [painted, nodes, real])
  const one = useMemo(() => (painted ? edges.filter((edge) => edge.id === chosenEdge) : noEdges), [painted, edges, chosenEdge])
  return { scene, nodes: few, edges: painted ? one : edges }
}

const isPiece = (node: CanvasNode) => node.type === 'note' || node.type === 'frame' || node.type === 'start' || (node.type === 'collapsed' && node.selected)

/** The card beneath the pointer, found again when the drawing has moved beneath it. */
function usePointedCard(pane: RefObject<HTMLDivElement | null>, painted: boolean): string | null {
  const [pointed, setPointed] = useState<string | null>(null)
  const store = useStoreApi()
  useEffect(() => {
    const element = pane.current
    if (!painted || !element) return
    let last: PointerEvent | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    let now: string | null = null
    const point = (card: string | null, wire: string | null) => {
      usePointed.setState({ wire })
      element.classList.toggle('at-wire', wire !== null)
      if (card === now) return
      now = card
      // Before the button goes down the card has to be there.
      flushSync(() => setPointed(card))
    }
    const look = () => {
      if (!last || last.buttons !== 0) return
      const over = document.elementFromPoint(last.clientX, last.clientY)
      const inside = over?.closest('.react-flow__node, .react-flow__pane, .react-flow__edge') && element.contains(over)
      const { card, wire } = inside ? paintedAt({ x: last.clientX, y: last.clientY }) : { card: null, wire: null }
      point(card, wire)
    }
    const onMove = (event: PointerEvent) => {
      last = event
      look()
    }
    const onLeave = () => {
      last = null
      point(null, null)
    }
    const stopView = store.subscribe((state, before) => {
      if (state.transform === before.transform) return
      clearTimeout(timer)
      timer = setTimeout(look, STANDS)
    })
    element.addEventListener('pointermove', onMove)
    element.addEventListener('pointerleave', onLeave)
    return () => {
      element.removeEventListener('pointermove', onMove)
      element.removeEventListener('pointerleave', onLeave)
      element.classList.remove('at-wire')
      stopView()
      clearTimeout(timer)
      usePointed.setState({ wire: null })
      setPointed(null)
    }
  }, [pane, painted, store])
  return pointed
}

const useKeyboard = create<{ card: string | null }>()(() => ({ card: null }))

/** The card that has the keyboard stays while it has; nobody is told of it when all are real. */
function useFocusedCard(pane: RefObject<HTMLDivElement | null>, painted: boolean): string | null {
  useEffect(() => {
    const element = pane.current
    if (!element) return
    const onFocus = (event: FocusEvent) => useKeyboard.setState({ card: (event.target instanceof Element && event.target.closest('.react-flow__node')?.getAttribute('data-id')) || null })
    const onBlur = () => useKeyboard.setState({ card: null })
    element.addEventListener('focusin', onFocus)
    element.addEventListener('focusout', onBlur)
    return () => {
      element.removeEventListener('focusin', onFocus)
      element.removeEventListener('focusout', onBlur)
      onBlur()
    }
  }, [pane])
  return useKeyboard((state) => (painted ? state.card : null))
}

/** A box that is drawn selects what is painted in it. */
function useBoxSelection(slug: string, scene: Scene | null): void {
  const store = useStoreApi()
  useEffect(() => {
    if (!scene) return
    return store.subscribe(({ userSelectionRect: box, userSelectionActive, transform: [x, y, zoom] }, before) => {
      if (!box || !userSelectionActive || box === before.userSelectionRect) return
      const area = { x: (box.x - x) / zoom, y: (box.y - y) / zoom, width: box.width / zoom, height: box.height / zoom }
      const picks = scene.cards.filter((card) => card.kind !== 'ghost' && meets(card, area)).flatMap((card) => card.blocks)
      const now = useFlows.getState().open[slug]?.blocks ?? []
      if (picks.length !== now.length || picks.some((id, index) => now[index] !== id)) select(slug, picks)
    })
  }, [store, slug, scene])
}
