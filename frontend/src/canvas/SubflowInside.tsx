// The flow that a block runs, drawn inside of its card: to be read, walked and
// stopped in, and entered by a double click.
import { memo, useEffect, useMemo, type MouseEvent } from 'react'
import { breakpointAt, editStop, stopLook, stopWords, toggleBreakpoint, useProblems, useRuns, useLookup, useStudio } from '../engine'
import { openFlow, useFlows } from '../document'
import { attempt, openMenuAt } from '../ui'
import type { FarCard, FarWire } from './afar/scene'
import { wirePath } from './edge-path'
import { choose, drillAt, enterInside, INSIDE, insideOf, missing, useInside } from './inside'
import { groupMark, problemsByBlock, wireMark } from './marks'
import './inside.css'

interface Place {
  slug: string
  block: string
  sub: string
}

export function SubflowInside({ place, width, height }: { place: Place; width: number; height: number }) {
  const { sub } = place
  const open = useFlows((state) => state.open[sub])
  const failed = useFlows((state) => state.failed[sub] !== undefined)
  const catalogue = useStudio((state) => state.catalogue)
  const lookup = useLookup()
  const doc = open?.doc
  useEffect(() => {
    if (!doc && !failed) void openFlow(sub)
  }, [sub, doc, failed])
  const inside = useMemo(() => (doc ? insideOf(sub, doc, catalogue, lookup) : null), [sub, doc, catalogue, lookup])
  const [w, h] = [width - INSIDE.left - INSIDE.right, height - INSIDE.top - INSIDE.bottom]
  const style = { left: INSIDE.left, top: INSIDE.top, width: w, height: h }
  if (!doc || !inside) {
    return (
      <div className="inside said" style={style}>
        {failed ? `The flow ${sub} cannot be shown. ${missing(sub)}` : 'Reading the flow…'}
      </div>
    )
  }
  const { scene, bounds, lanes } = inside
  if (scene.cards.length === 0) {
    return (
      <div className="inside said" style={style}>
        This flow has no blocks yet.
      </div>
    )
  }
  const scale = Math.min(w / bounds.width, h / bounds.height, 1)
  return (
    <div className="inside" style={style} role="group" aria-label={`Blocks of ${doc.flow.name}`}>
      <div className="inside-ground" style={{ width: bounds.width, height: bounds.height, transform: `translate(${(w - bounds.width * scale) / 2}px, ${(h - bounds.height * scale) / 2}px) scale(${scale})` }}>
        <svg className="inside-wires" width={bounds.width} height={bounds.height} viewBox={`${bounds.x} ${bounds.y} ${bounds.width} ${bounds.height}`} aria-hidden>
          {lanes.slice(1).map((lane) => (
            <line key={lane.id} className="inside-lane" x1={lane.x} x2={lane.x} y1={bounds.y} y2={bounds.y + bounds.height} />
          ))}
          {scene.wires.map((wire) => (
            <InsideWire key={wire.id} sub={sub} wire={wire} />
          ))}
        </svg>
        {scene.cards.map((card, index) => (
          <InsideCard key={card.id} place={place} card={card} first={index === 0} left={card.x - bounds.x} top={card.y - bounds.y} />
        ))}
      </div>
    </div>
  )
}

const InsideWire = memo(function InsideWire({ sub, wire }: { sub: string; wire: FarWire }) {
  const mark = useRuns((state) => wireMark(state, sub, wire.id))
  return (
    <g className={`wire ${wire.tone} ${mark ?? ''}`}>
      <path className="wire-line" d={wirePath({ from: wire.from, to: wire.to, down: wire.down, channel: 0 }, false)} markerEnd={`url(#arrow-${wire.tone})`} />
    </g>
  )
})

const InsideCard = memo(function InsideCard({ place, card, first, left, top }: { place: Place; card: FarCard; first: boolean; left: number; top: number }) {
  const { slug, block, sub } = place
  const real = card.kind === 'block'
  const mark = useRuns((state) => groupMark(state, sub, card.blocks))
  const stop = useRuns((state) => (real ? breakpointAt(state, sub, card.id) : undefined))
  const problems = useProblems((state) => card.blocks.reduce((sum, id) => sum + (problemsByBlock(state, sub).get(id)?.length ?? 0), 0))
  const chosen = useInside((state) => state.at === card.id && state.slug === slug && state.block === block)
  const walkedTo = useInside((state) => state.at !== null && state.slug === slug && state.block === block)
  const at = card.blocks[0]
  const words = [card.title, real ? card.id : `${card.blocks.length} blocks in a frame`, stop && stopWords(stop), problems > 0 && `${problems} ${problems === 1 ? 'problem' : 'problems'}`, mark && markWords[mark]]
  const enter = (event: MouseEvent) => {
    event.stopPropagation()
    if (real) enterInside(slug, block, card.id)
  }
  const drill = (event: MouseEvent) => {
    event.stopPropagation()
    if (at) void drillAt(slug, block, sub, at)
  }
  const menu = (event: MouseEvent) => {
    event.preventDefault()
    event.stopPropagation()
    if (!at) return
    // The menu has the keyboard now.
    if (real) choose(slug, block, card.id)
    openMenuAt({ x: event.clientX, y: event.clientY }, [
      ...(real
        ? [
            { kind: 'item' as const, label: stop ? 'Remove breakpoint' : 'Set breakpoint', command: 'run.breakpoint', run: () => attempt(() => toggleBreakpoint(sub, card.id)) },
            { kind: 'item' as const, label: stop ? 'Edit breakpoint…' : 'Breakpoint with a condition or message…', command: 'run.editBreakpoint', run: () => editStop({ kind: 'block', flow: sub, block: card.id }) },
          ]
        : []),
      { kind: 'item', label: 'Open the subflow here', run: () => void drillAt(slug, block, sub, at) },
    ])
  }
  return (
    <button
      type="button"
      data-inside={card.id}
      className={`inside-card fam-${card.family} ${mark ?? ''} ${chosen ? 'chosen' : ''} ${real ? '' : 'several'}`}
      style={{ left, top, width: card.width, height: card.height }}
      aria-label={words.filter(Boolean).join(', ')}
      tabIndex={chosen || (first && !walkedTo) ? 0 : -1}
      onClick={enter}
      onDoubleClick={drill}
      onContextMenu={menu}
    >
      <span className="inside-title">{card.title}</span>
      {stop && <span className={`breakpoint stop-mark ${stopLook(stop)}`} />}
      {problems > 0 && <span className="inside-problem">{problems}</span>}
    </button>
  )
})

const markWords = { current: 'the run is here', paused: 'the run is paused here', visited: 'the run came through here', failed: 'the run failed here', dim: 'the run did not come here' }
