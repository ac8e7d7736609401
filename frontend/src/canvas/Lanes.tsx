// The lanes: bands behind the drawing and titles above it. They follow pan and
// zoom by writing two styles each, without rendering.
import { useEffect, useRef } from 'react'
import type { Lane } from '../document'
import { useHover } from './hover'
import { useStoreApi } from './xyflow'

/** Calls back with x, y, zoom now and at every change of the view. */
export function useViewport(onChange: (x: number, y: number, zoom: number) => void): void {
  const store = useStoreApi()
  const latest = useRef(onChange)
  useEffect(() => {
    latest.current = onChange
  })
  useEffect(() => {
    let last: readonly number[] = []
    const tell = () => {
      const { transform } = store.getState()
      if (transform === last) return
      last = transform
      latest.current(transform[0], transform[1], transform[2])
    }
    tell()
    return store.subscribe(tell)
  }, [store])
}

function useFollow(lanes: Lane[]) {
  const strip = useRef<HTMLDivElement>(null)
  const scale = useRef(0)
  const place = (x: number, zoom: number) => {
    const element = strip.current
    if (!element) return
    element.style.transform = `translateX(${x}px)`
    if (scale.current === zoom) return
    scale.current = zoom
    lanes.forEach((lane, index) => {
      const child = element.children[index] as HTMLElement | undefined
      if (!child) return
      child.style.left = `${lane.x * zoom}px`
      child.style.width = `${lane.width * zoom}px`
    })
  }
  const view = useRef({ x: 0, zoom: 1 })
  useViewport((x, _y, zoom) => {
    view.current = { x, zoom }
    place(x, zoom)
  })
  useEffect(() => {
    scale.current = 0
    place(view.current.x, view.current.zoom)
  })
  return strip
}

const DOTS_APART = 14

export function LaneBands({ lanes }: { lanes: Lane[] }) {
  const strip = useFollow(lanes)
  const over = useHover((state) => state.lane)
  const refused = useHover((state) => state.refused !== null)
  const dots = useRef<HTMLDivElement>(null)
  const dotSize = useRef(0)
  useViewport((x, y, zoom) => {
    const element = dots.current
    if (!element) return
    // Always apart enough to be dots, and few enough to cost nothing.
    const size = 24 * zoom * 2 ** Math.max(0, Math.ceil(Math.log2(DOTS_APART / (24 * zoom))))
    if (dotSize.current !== size) {
      dotSize.current = size
      element.style.backgroundSize = `${size}px ${size}px`
    }
    element.style.backgroundPosition = `${x}px ${y}px`
  })
  return (
    <div className="lane-ground" aria-hidden>
      <div className="dots" ref={dots} />
      <div className="lane-strip" ref={strip}>
        {lanes.map((lane, index) => (
          <div key={lane.id} className={`lane-band ${index % 2 ? 'odd' : ''} ${over === lane.id ? (refused ? 'refused' : 'over') : ''}`} />
        ))}
      </div>
    </div>
  )
}

export function LaneHeads({ lanes }: { lanes: Lane[] }) {
  const strip = useFollow(lanes)
  return (
    <div className="lane-heads">
      <div className="lane-strip" ref={strip} role="list" aria-label="Stages">
        {lanes.map((lane, index) => (
          <div key={lane.id} className={`lane-head ${lane.unknown ? 'unknown' : ''}`} role="listitem">
            <span className="lane-number num">{index + 1}</span>
            <span className="ellipsis">{lane.title}</span>
            {lane.unknown && <span className="badge warn">not a stage of this flow</span>}
          </div>
        ))}
      </div>
    </div>
  )
}
