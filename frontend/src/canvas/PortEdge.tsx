// One wire, coloured by the tone of its outcome.
import { memo } from 'react'
import { compareEdge, edgeStopAt, useCompare, useContracts, useRuns, useTests } from '../engine'
import { useCarry } from '../document'
import { wirePath } from './edge-path'
import { breakMark, coverMark, wireMark } from './marks'
import type { WireEdge } from './nodes'
import { useHover } from './hover'
import { StopOnWire } from './StopOnWire'
import { useView } from './view'
import type { EdgeProps } from './xyflow'

export const PortEdge = memo(function PortEdge({ id, sourceX, sourceY, targetX, targetY, data, selected }: EdgeProps<WireEdge>) {
  const far = useView((state) => state.far)
  const mark = useRuns((state) => (data ? wireMark(state, data.slug, id) : null))
  const cover = useTests((state) => (data && !id.startsWith('@') ? coverMark(state, data.slug, id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)) : null))
  const breaks = useContracts((state) => (data && !id.startsWith('@') ? breakMark(state, data.slug, id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)) : null))
  const compared = useCompare((state) => (data && !id.startsWith('@') ? compareEdge(state, data.slug, id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)) : ''))
  const stop = useRuns((state) => (data && !id.startsWith('@') ? edgeStopAt(state, data.slug, id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)) : undefined))
  const drop = useHover((state) => state.edge === id)
  const carrying = useCarry((state) => state.type !== null)
  const tone = data?.tone ?? 'neutral'
  const path = wirePath({ from: { x: sourceX, y: sourceY }, to: { x: targetX, y: targetY }, down: data?.down ?? false, channel: data?.channel ?? 0 }, far)
  return (
    <g className={`wire ${tone} ${mark ?? breaks ?? cover ?? ''} ${compared} ${selected ? 'selected' : ''} ${drop ? 'drop' : ''}`}>
      <path className="wire-line react-flow__edge-path" d={path} markerEnd={far ? undefined : `url(#arrow-${selected || drop ? 'accent' : tone})`} />
      {stop && <StopOnWire stop={stop} x={sourceX} y={sourceY} down={data?.down ?? false} />}
      {(!far || carrying) && <path className="react-flow__edge-interaction" d={path} fill="none" strokeOpacity={0} strokeWidth={carrying ? 36 : 18} />}
    </g>
  )
})

const tones = ['good', 'bad', 'warn', 'neutral', 'accent']

/** The arrowheads, once for all wires. */
export function Arrowheads() {
  return (
    <svg className="arrowheads" aria-hidden>
      <defs>
        {tones.map((tone) => (
          <marker key={tone} id={`arrow-${tone}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
            <path className={`arrow ${tone}`} d="M0.5,0.5 L7.5,4 L0.5,7.5 L2,4 z" />
          </marker>
        ))}
      </defs>
    </svg>
  )
}
