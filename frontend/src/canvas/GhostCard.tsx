// A block that another version has and this one has no more. It is only looked at.
import { useMemo } from 'react'
import { useCompare, type Compared } from '../engine'
import { cardShape, LANE_PAD, LANE_TOP, type Lane, type Lookup } from '../document'
import { Handle, Position, type DrawnNode } from './xyflow'

export type GhostNode = DrawnNode<{ title: string; type: string }, 'ghost'>

export function GhostCard({ id, data }: { id: string; data: GhostNode['data'] }) {
  return (
    <div className="card ghost" role="img" aria-label={`${data.title}, ${id.slice(1)}: only in the other version`}>
      <Handle type="target" position={Position.Left} id="in" className="port in" isConnectable={false} />
      <div className="card-head">
        <span className="card-names">
          <span className="card-title">{data.title}</span>
          <span className="card-id">{id.slice(1)}</span>
        </span>
      </div>
      <Handle type="source" position={Position.Right} id="out" className="port out" isConnectable={false} />
    </div>
  )
}

const none: GhostNode[] = []

/** Blocks that are gone, where they stood. */
export function useGhosts(slug: string, lanes: Lane[], lookup: Lookup): GhostNode[] {
  const result = useCompare((state) => (state.slug === slug ? state.result : null))
  return useMemo(() => (result?.flow ? ghostsOf(result, lanes, lookup) : none), [result, lanes, lookup])
}

function ghostsOf(result: Compared, lanes: Lane[], lookup: Lookup): GhostNode[] {
  const { flow, layout } = result
  if (!flow) return none
  return result.changes.flatMap((change) => {
    const block = change.part === 'block' && change.kind === 'removed' ? flow.blocks[change.block ?? ''] : undefined
    if (!block || !change.block) return []
    const at = layout?.blocks[change.block] ?? { x: LANE_PAD, y: LANE_TOP }
    const shape = cardShape(block, lookup(block.type, block.config))
    const size = { width: shape.width, height: shape.height }
    return [
      {
        id: `~${change.block}`,
        type: 'ghost' as const,
        position: { x: at.x + (lanes.find((lane) => lane.id === block.stage)?.x ?? 0), y: at.y },
        data: { title: block.label ?? lookup(block.type)?.title ?? block.type, type: block.type },
        draggable: false,
        selectable: false,
        connectable: false,
        focusable: false,
        ...size,
        measured: size,
      },
    ]
  })
}
