// The one door to React Flow: what the canvas uses of it, and nothing else. A
// change of the library's stores or change sets is met here.
import '@xyflow/react/dist/base.css'

export {
  ConnectionMode,
  getViewportForBounds,
  Handle,
  Position,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
  useStoreApi,
  ViewportPortal,
} from '@xyflow/react'
export type {
  Connection,
  Edge as DrawnEdge,
  EdgeProps,
  FinalConnectionState,
  Node as DrawnNode,
  NodeChange,
  NodeProps,
  ReactFlowInstance,
} from '@xyflow/react'
