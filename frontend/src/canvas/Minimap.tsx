// The whole drawing, small. The window in it is moved by writing one style.
import { memo, useEffect, useMemo, useRef, type PointerEvent } from 'react'
import { useLookup, useStudio } from '../engine'
import { CARD_WIDTH, cardShape, groupPlace, groupShape, groupsOf, hiddenBlocks, placeOf, type Doc, type Lane } from '../document'
import { useViewport } from './Lanes'
import { useReactFlow, useStoreApi } from './xyflow'

const WIDTH = 168
const HEIGHT = 104

export const Minimap = memo(function Minimap({ doc, lanes }: { doc: Doc; lanes: Lane[] }) {
  const catalogue = useStudio((state) => state.catalogue)
  const lookup = useLookup()
  const flow = useReactFlow()
  const store = useStoreApi()
  const frame = useRef<SVGRectElement>(null)
  const shownSize = useRef('')
  const cards = useMemo(() => {
    const hidden = hiddenBlocks(doc)
    const blocks = Object.entries(doc.flow.blocks).flatMap(([id, block]) => {
      if (hidden.has(id)) return []
      const descriptor = lookup(block.type, block.config)
      const { width, height } = cardShape(block, descriptor, doc.layout.expanded?.[id])
      return [{ id, ...placeOf(doc, lanes, id), width, height, family: catalogue?.families.findIndex((f) => f.id === descriptor?.family) ?? 5 }]
    })
    return [...blocks, ...groupsOf(doc).map((group) => ({ id: group.key, ...groupPlace(doc, lanes, group), width: CARD_WIDTH, height: groupShape(doc, group, lookup).height, family: 5 }))]
  }, [doc, lanes, lookup, catalogue])
  const box = useMemo(() => {
    const right = Math.max(...lanes.map((lane) => lane.x + lane.width))
    const top = Math.min(0, ...cards.map((card) => card.y))
    const bottom = Math.max(400, ...cards.map((card) => card.y + card.height))
    const scale = Math.min((WIDTH - 12) / right, (HEIGHT - 12) / (bottom - top))
    return { top, right, bottom, scale, dx: (WIDTH - right * scale) / 2, dy: (HEIGHT - (bottom - top) * scale) / 2 }
  }, [cards, lanes])

  // One path for each family: thousands of cards are a few elements.
  const families = useMemo(() => {
    const paths = new Map<number, string>()
    for (const card of cards) {
      const [x, y] = [card.x * box.scale + box.dx, (card.y - box.top) * box.scale + box.dy]
      const [width, height] = [Math.max(2, card.width * box.scale), Math.max(1.5, card.height * box.scale)]
      paths.set(card.family, `${paths.get(card.family) ?? ''}M${x.toFixed(1)},${y.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h-${width.toFixed(1)}z`)
    }
    return [...paths]
  }, [cards, box])

  const place = (x: number, y: number, zoom: number) => {
    const { width, height } = store.getState()
    const rect = frame.current
    if (!rect) return
    const size = `${(width / zoom) * box.scale} ${(height / zoom) * box.scale}`
    if (size !== shownSize.current) {
      shownSize.current = size
      rect.setAttribute('width', size.split(' ')[0] ?? '0')
      rect.setAttribute('height', size.split(' ')[1] ?? '0')
    }
    // When everything is in sight the map says nothing.
    const whole = -x / zoom <= 0 && (-x + width) / zoom >= box.right && -y / zoom <= box.top && (-y + height) / zoom >= box.bottom
    const visibility = whole ? 'hidden' : 'visible'
    const svg = rect.ownerSVGElement
    if (svg && svg.style.visibility !== visibility) svg.style.visibility = visibility
    rect.setAttribute('transform', `translate(${(-x / zoom) * box.scale + box.dx},${(-y / zoom - box.top) * box.scale + box.dy})`)
  }
  useViewport(place)
  useEffect(() => {
    const [x, y, zoom] = store.getState().transform
    place(x, y, zoom)
  })

  const jump = (event: PointerEvent<SVGSVGElement>) => {
    if (event.buttons !== 1) return
    const bounds = event.currentTarget.getBoundingClientRect()
    const x = (event.clientX - bounds.left - box.dx) / box.scale
    const y = (event.clientY - bounds.top - box.dy) / box.scale + box.top
    void flow.setCenter(x, y, { zoom: flow.getZoom() })
  }
  return (
    <svg
      className="minimap"
      width={WIDTH}
      height={HEIGHT}
      aria-hidden
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        jump(event)
      }}
      onPointerMove={jump}
    >
      {lanes.slice(1).map((lane) => (
        <line key={lane.id} className="minimap-lane" x1={lane.x * box.scale + box.dx} x2={lane.x * box.scale + box.dx} y1={0} y2={HEIGHT} />
      ))}
      {families.map(([family, d]) => (
        <path key={family} className={`minimap-card fam-${family}`} d={d} />
      ))}
      <rect className="minimap-frame" ref={frame} rx={2} />
    </svg>
  )
})
