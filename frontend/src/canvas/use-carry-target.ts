// The canvas as the place where a carried block is let go, and a dragged card as
// something that can be put into a wire.
import { useCallback, useEffect, type RefObject } from 'react'
import { descriptorOf, useStudio } from '../engine'
import { canInsert, edgesOf, flowOf, laneAt, lanesOf, stageProblem, takeDrops, useCarry } from '../document'
import { addAt } from './gestures'
import { edgeAt, hover, useHover } from './hover'
import { viewHandle } from './view'

export function useCarryTarget(slug: string, pane: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const inside = (x: number, y: number) => {
      const hit = document.elementFromPoint(x, y)
      return hit !== null && pane.current?.contains(hit) === true
    }
    const stopDrops = takeDrops((type, x, y) => {
      const { edge } = useHover.getState()
      hover({})
      const handle = viewHandle()
      if (handle && inside(x, y)) addAt(slug, type, handle.toCanvas({ x, y }), edge)
    })
    const stopHover = useCarry.subscribe(({ type, x, y }, before) => {
      if (type === null) {
        if (before.type !== null) hover({})
        return
      }
      hover(inside(x, y) ? hit(slug, type, x, y) : {})
    })
    return () => {
      stopDrops()
      stopHover()
    }
  }, [slug, pane])
}

function hit(slug: string, type: string, x: number, y: number) {
  const open = flowOf(slug)
  const handle = viewHandle()
  if (!open || !handle) return {}
  const descriptor = descriptorOf(type)
  const edge = edgeAt(x, y)
  if (edge && canInsert(open.doc.flow, edge, descriptor)) return { edge }
  const { catalogue } = useStudio.getState()
  const lane = laneAt(lanesOf(open.doc, catalogue), handle.toCanvas({ x, y }).x)
  return { lane: lane.id, refused: stageProblem(open.doc.flow, descriptor, lane.id, catalogue) }
}

/** While a card without wires is dragged: shows the wire it would be put into. */
export function useInsertHover(slug: string): (id: string, x: number, y: number) => boolean {
  return useCallback(
    (id, x, y) => {
      const flow = flowOf(slug)?.doc.flow
      const block = flow?.blocks[id]
      if (!flow || !block || block.next || edgesOf(flow).some((edge) => edge.to === id)) return false
      const edge = edgeAt(x, y)
      if (!edge || !canInsert(flow, edge, descriptorOf(block.type))) return false
      hover({ edge })
      return true
    },
    [slug],
  )
}
