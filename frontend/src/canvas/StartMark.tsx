// Where a run of this flow begins.
import { Play } from 'lucide-react'
import { memo } from 'react'
import { Tip } from '../ui'
import { Handle, Position } from './xyflow'

export const StartMark = memo(function StartMark() {
  return (
    <Tip text="A run of this flow starts here">
      <div className="start-mark" role="img" aria-label="Start of the flow">
        <Play size={12} aria-hidden fill="currentColor" />
        <Handle type="source" position={Position.Right} id="out" isConnectable={false} className="start-port" />
      </div>
    </Tip>
  )
})
