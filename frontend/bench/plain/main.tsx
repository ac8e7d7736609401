// React Flow as its first example has it: default nodes, nothing left out, the
// state in React. What the canvas of the studio is measured against.
import { useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { ReactFlow, useEdgesState, useNodesState, type Edge, type Node } from '@xyflow/react'
import '@xyflow/react/dist/style.css'

export interface Given {
  nodes: { id: string; x: number; y: number; label: string }[]
  edges: { id: string; from: string; to: string }[]
}

function Plain({ given }: { given: Given }) {
  const [nodes, setNodes, onNodesChange] = useNodesState<Node>(given.nodes.map(({ id, x, y, label }) => ({ id, position: { x, y }, data: { label }, style: { width: 224 } })))
  const [edges, , onEdgesChange] = useEdgesState<Edge>(given.edges.map(({ id, from, to }) => ({ id, source: from, target: to })))
  const [text, setText] = useState('')
  const before = useRef<Node[][]>([])
  const write = (label: string) => {
    setText(label)
    before.current.push(nodes)
    setNodes((all) => all.map((node) => (node.id === 'b0' ? { ...node, data: { label } } : node)))
  }
  return (
    <>
      <input aria-label="Label" value={text} onChange={(event) => write(event.target.value)} style={{ position: 'fixed', zIndex: 9, right: 8, top: 8 }} />
      <button onClick={() => setNodes(before.current.pop() ?? nodes)} style={{ position: 'fixed', zIndex: 9, right: 8, top: 40 }}>
        Undo
      </button>
      <div style={{ position: 'fixed', inset: 0 }}>
        <ReactFlow nodes={nodes} edges={edges} onNodesChange={onNodesChange} onEdgesChange={onEdgesChange} onInit={(flow) => Object.assign(window, { fit: () => flow.fitView({ padding: 0.02 }) })} panOnScroll minZoom={0.01} maxZoom={2} proOptions={{ hideAttribution: true }} />
      </div>
    </>
  )
}

Object.assign(window, {
  show(given: Given) {
    createRoot(document.getElementById('root')!).render(<Plain given={given} />)
  },
})
