// One block on the canvas.
import { Hand, Lock, Maximize2, Minimize2, Pin, StickyNote, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import { breakpointAt, pinAt, stopLook, stopWords, compareMark, useCompare, useContracts, useProblems, useRuns, useStudio, useTests, type Problem } from '../engine'
import { ERROR_PORT, ERROR_PORT_X, HEADER_HEIGHT, IN_PORT_Y, subflowOf, summaryOf, usesMark, useUses, usesWords, type CardShape, type PortView } from '../document'
import { attempt, iconNamed, Tip } from '../ui'
import { toggleInside } from './inside'
import { SubflowInside } from './SubflowInside'
import { findMark, useFind } from './find'
import { breakMark, cardMark, coverMark, problemsByBlock } from './marks'
import type { CardNode } from './nodes'
import { useView } from './view'
import { Handle, Position, type NodeProps } from './xyflow'
import './card.css'

export const BlockCard = memo(function BlockCard({ id, data, selected }: NodeProps<CardNode>) {
  const { slug, block, descriptor, shape, locked, expanded } = data
  const mark = useRuns((state) => cardMark(state, slug, id))
  const cover = useTests((state) => coverMark(state, slug, id))
  const breaks = useContracts((state) => breakMark(state, slug, id))
  const compared = useCompare((state) => compareMark(state, slug, id))
  const found = useFind((state) => findMark(state, id))
  const used = useUses((state) => usesMark(state, slug, id))
  const far = useView((state) => state.far)
  const family = useStudio((state) => state.catalogue?.families.findIndex((f) => f.id === descriptor?.family) ?? -1)
  const look = `card ${mark ?? breaks ?? cover ?? ''} ${compared} ${found} ${used} ${selected ? 'selected' : ''} fam-${family < 0 ? 5 : family}`
  const title = block.label ?? descriptor?.title ?? block.type
  if (far && !expanded) {
    return (
      <div className={`${look} far`} style={{ height: shape.height }}>
        <FarPorts shape={shape} />
        <span className="card-title">{title}</span>
        <Marks slug={slug} id={id} />
      </div>
    )
  }
  const summary = summaryOf(block, descriptor)
  const sub = subflowOf(block)
  const Icon = iconNamed(descriptor?.icon ?? '')
  return (
    <div className={look} style={{ width: shape.width, height: shape.height }}>
      <Handle type="target" position={Position.Left} id="in" className="port in" style={{ top: IN_PORT_Y }} />
      <div className="card-head" style={{ height: HEADER_HEIGHT }}>
        <span className="card-icon">
          <Icon size={16} aria-hidden />
        </span>
        <span className="card-names">
          <span className="card-title">{title}</span>
          <span className="card-id">
            {id}
            {descriptor?.asks && (
              <Tip text="Waits for the person">
                <Hand size={11} aria-label="Waits for the person" />
              </Tip>
            )}
          </span>
        </span>
        {block.note && (
          <Tip text={block.note}>
            <span className="card-lock">
              <StickyNote size={12} aria-label={`Note: ${block.note}`} />
            </span>
          </Tip>
        )}
        {locked && (
          <Tip text={locked}>
            <span className="card-lock">
              <Lock size={12} aria-label={`Locked. ${locked}`} />
            </span>
          </Tip>
        )}
        {(sub !== null || expanded) && (
          <Tip text={expanded ? 'Close the subflow' : 'Show the subflow inside'}>
            <button type="button" className="card-inside nodrag" aria-label={expanded ? 'Close the subflow' : 'Show the subflow inside'} aria-expanded={expanded !== undefined} onClick={() => attempt(() => toggleInside(slug, id))} onDoubleClick={(event) => event.stopPropagation()}>
              {expanded ? <Minimize2 size={14} aria-hidden /> : <Maximize2 size={14} aria-hidden />}
            </button>
          </Tip>
        )}
      </div>
      {expanded && sub !== null && <SubflowInside place={{ slug, block: id, sub }} width={shape.width} height={shape.height} />}
      {summary && <div className="card-summary">{summary}</div>}
      {shape.ports.map(({ port, y }) => (
        <PortMark key={port.id} port={port} y={y} wired={block.next?.[port.id] !== undefined} />
      ))}
      {shape.error && <ErrorPort port={shape.error} wired={block.next?.[ERROR_PORT] !== undefined} />}
      {used && <span className="use-tag">{usesWords[used]}</span>}
      <Marks slug={slug} id={id} />
    </div>
  )
})

/** Not to be seen, but where they are is measured: wires begin and end there. */
function FarPorts({ shape }: { shape: CardShape }) {
  return (
    <>
      <Handle type="target" position={Position.Left} id="in" className="port in" isConnectable={false} style={{ top: IN_PORT_Y }} />
      {shape.ports.map(({ port, y }) => (
        <Handle key={port.id} type="source" position={Position.Right} id={port.id} className="port out" isConnectable={false} style={{ top: y }} />
      ))}
      {shape.error && <Handle type="source" position={Position.Bottom} id={ERROR_PORT} className="port out" isConnectable={false} style={{ left: ERROR_PORT_X }} />}
    </>
  )
}

function PortMark({ port, y, wired }: { port: PortView; y: number; wired: boolean }) {
  return (
    <>
      <span className={`port-title ${port.stale ? 'stale' : ''}`} style={{ top: y - 11 }} title={port.stale ? 'This outcome does not exist any more' : undefined}>
        {port.detail && <span className="port-detail"><bdi>{port.detail}</bdi></span>}
        <span className="ellipsis">{port.title}</span>
      </span>
      <Handle
        type="source"
        position={Position.Right}
        id={port.id}
        className={`port out ${port.tone} ${wired ? 'wired' : ''}`}
        style={{ top: y }}
        role="img"
        aria-label={`Outcome ${port.title}`}
      />
    </>
  )
}

function ErrorPort({ port, wired }: { port: PortView; wired: boolean }) {
  return (
    <Handle
      type="source"
      position={Position.Bottom}
      id={ERROR_PORT}
      className={`port out bad error ${wired ? 'wired' : ''}`}
      style={{ left: ERROR_PORT_X }}
      title={wired ? port.title : `${port.title}: not led anywhere, so the run ends denied`}
      role="img"
      aria-label={`Outcome ${port.title}`}
    />
  )
}

/** Problem badge, breakpoint and pin: they change without the card. */
function Marks({ slug, id }: { slug: string; id: string }) {
  const problems = useProblems((state) => problemsByBlock(state, slug).get(id))
  const stop = useRuns((state) => breakpointAt(state, slug, id))
  const pin = useRuns((state) => pinAt(state, slug, id))
  return (
    <>
      {stop && (
        <Tip text={stopWords(stop)}>
          <span className={`breakpoint stop-mark ${stopLook(stop)}`} role="img" aria-label={stopWords(stop)} />
        </Tip>
      )}
      {pin && (
        <Tip text={pin.enabled ? `Held to ${pin.port} in every run here; it does not run` : `Its pin to ${pin.port} is switched off`}>
          <span className={`card-pin ${pin.enabled ? '' : 'off'}`} role="img" aria-label={`${pin.enabled ? 'Pinned' : 'Pin switched off'}: ${pin.port}`}>
            <Pin size={11} aria-hidden />
            {pin.port}
          </span>
        </Tip>
      )}
      {problems && <ProblemBadge problems={problems} />}
    </>
  )
}

function ProblemBadge({ problems }: { problems: Problem[] }) {
  const errors = problems.filter((p) => p.severity === 'error').length
  const tone = errors > 0 ? 'error' : problems.some((p) => p.severity === 'warning') ? 'warning' : 'info'
  return (
    <Tip
      text={
        <>
          {problems.slice(0, 4).map((problem, index) => (
            <span key={index} style={{ display: 'block' }}>
              {problem.message}
            </span>
          ))}
        </>
      }
    >
      <span className={`card-problem ${tone}`} role="img" aria-label={`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}: ${problems[0]?.message ?? ''}`}>
        <TriangleAlert size={11} aria-hidden />
        {problems.length > 1 && problems.length}
      </span>
    </Tip>
  )
}
