// A collapsed frame: one card for its blocks, with what is the matter in them.
import { Layers, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import { breakpointAt, useContracts, useProblems, useRuns, useTests } from '../engine'
import { groupWords, HEADER_HEIGHT, IN_PORT_Y, type Piece } from '../document'
import { Tip } from '../ui'
import { findMark, useFind } from './find'
import { groupBreak, groupCover, groupMark, problemsByBlock } from './marks'
import { toggleFrame } from './frame-commands'
import { useWriting, Writing } from './PieceCards'
import type { GroupNode } from './pieces'
import { useView } from './view'
import { Handle, Position, type NodeProps } from './xyflow'

export const GroupCard = memo(function GroupCard({ data: { slug, group, shape }, selected }: NodeProps<GroupNode>) {
  const { blocks, frame } = group
  const mark = useRuns((state) => groupMark(state, slug, blocks))
  const cover = useTests((state) => groupCover(state, slug, blocks))
  const breaks = useContracts((state) => groupBreak(state, slug, blocks))
  const stops = useRuns((state) => blocks.filter((id) => breakpointAt(state, slug, id)).length)
  const problems = useProblems((state) => blocks.reduce((sum, id) => sum + (problemsByBlock(state, slug).get(id)?.length ?? 0), 0))
  const grave = useProblems((state) => blocks.some((id) => problemsByBlock(state, slug).get(id)?.some((problem) => problem.severity === 'error')))
  const found = useFind((state) => {
    const marks = [group.key, ...blocks].map((key) => findMark(state, key))
    return (['hit now', 'hit'] as const).find((hit) => marks.includes(hit))
  })
  const far = useView((state) => state.far)
  const piece: Piece = { kind: 'frame', id: group.id }
  const writing = useWriting(slug, piece)
  const look = `card group ${mark ?? breaks ?? cover ?? ''} ${found ?? ''} ${selected ? 'selected' : ''} ${far ? 'far' : ''} fam-5`
  return (
    <div className={look} style={{ height: shape.height }} onDoubleClick={() => toggleFrame(slug, group.id)}>
      <Handle type="target" position={Position.Left} id="in" className="port in" style={{ top: IN_PORT_Y }} isConnectable={false} />
      <div className="card-head" style={{ height: HEADER_HEIGHT }}>
        {!far && (
          <span className="card-icon">
            <Layers size={16} aria-hidden />
          </span>
        )}
        <span className="card-names">
          {writing ? <Writing slug={slug} piece={piece} text={frame.title} label="Title of the frame" oneLine /> : <span className="card-title">{frame.title}</span>}
          {!far && <span className="card-id">{blocks.join(', ')}</span>}
        </span>
      </div>
      {!far && <div className="card-summary">{groupWords(group)}</div>}
      {shape.ways.map((way) => (
        <span key={way.to}>
          {!far && (
            <span className="port-title" style={{ top: way.y - 11 }}>
              <span className="ellipsis">{way.title}</span>
            </span>
          )}
          <Handle type="source" position={Position.Right} id={`to:${way.to}`} className={`port out wired ${way.tone}`} style={{ top: way.y }} isConnectable={false} role="img" aria-label={`${way.title}, leads to ${way.to}`} />
        </span>
      ))}
      {stops > 0 && <Mark className="breakpoint stop-mark" words={`${stops} ${stops === 1 ? 'breakpoint' : 'breakpoints'} inside`} />}
      {problems > 0 && (
        <Mark className={`card-problem ${grave ? 'error' : 'warning'}`} words={`${problems} ${problems === 1 ? 'problem' : 'problems'} inside`}>
          <TriangleAlert size={11} aria-hidden />
          {problems > 1 && problems}
        </Mark>
      )}
    </div>
  )
})

function Mark({ className, words, children }: { className: string; words: string; children?: React.ReactNode }) {
  return (
    <Tip text={words}>
      <span className={className} role="img" aria-label={words}>
        {children}
      </span>
    </Tip>
  )
}
