// Lines that show when a dragged card stands level with another.
import { useRef } from 'react'
import { create } from 'zustand'
import { placeOf, snap, type Doc, type Lane, type Point } from '../document'
import { useViewport } from './Lanes'

interface Levels {
  x: number | null
  y: number | null
}

const none: Levels = { x: null, y: null }
const useGuides = create<Levels>()(() => none)

const NEAR = 5

/** Where a dragged card comes to stand: on the grid, or level with a card that is near. */
export function settleAt(doc: Doc, lanes: Lane[], dragged: ReadonlySet<string>, at: Point): { at: Point; levels: Levels } {
  let { x, y } = none
  for (const id of Object.keys(doc.flow.blocks)) {
    if (dragged.has(id)) continue
    const place = placeOf(doc, lanes, id)
    if (Math.abs(place.x - at.x) < Math.min(NEAR, x === null ? NEAR : Math.abs(x - at.x))) x = place.x
    if (Math.abs(place.y - at.y) < Math.min(NEAR, y === null ? NEAR : Math.abs(y - at.y))) y = place.y
  }
  return { at: { x: x ?? snap(at.x), y: y ?? snap(at.y) }, levels: { x, y } }
}

export function showGuides(next: Levels | null): void {
  const { x, y } = next ?? none
  const now = useGuides.getState()
  if (now.x !== x || now.y !== y) useGuides.setState({ x, y })
}

export function Guides() {
  const { x, y } = useGuides()
  // New lines are new elements: each is placed as it appears.
  return x === null && y === null ? null : <Lines key={`${x}/${y}`} x={x} y={y} />
}

function Lines({ x, y }: Levels) {
  const vertical = useRef<HTMLDivElement>(null)
  const horizontal = useRef<HTMLDivElement>(null)
  useViewport((vx, vy, zoom) => {
    if (vertical.current && x !== null) vertical.current.style.left = `${x * zoom + vx}px`
    if (horizontal.current && y !== null) horizontal.current.style.top = `${y * zoom + vy}px`
  })
  return (
    <div className="guides" aria-hidden>
      {x !== null && <div className="guide vertical" ref={vertical} />}
      {y !== null && <div className="guide horizontal" ref={horizontal} />}
    </div>
  )
}
