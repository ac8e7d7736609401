// The right-hand side: the settings of what is selected, or of the flow itself.
import { useFlows } from '../document'
import { BlockInspector } from './BlockInspector'
import { EdgeInspector } from './EdgeInspector'
import { FlowInspector } from './FlowInspector'
import { ManyInspector } from './ManyInspector'
import './inspector.css'

export function Inspector({ slug }: { slug: string | null }) {
  const open = useFlows((state) => (slug === null ? undefined : state.open[slug]))
  if (!open || slug === null) return <p className="inspector-none faint">Open a flow to see its settings.</p>
  const { blocks, edge, doc } = open
  const only = blocks.length === 1 ? blocks[0] : undefined
  if (only !== undefined && doc.flow.blocks[only]) return <BlockInspector key={`${slug}/${only}`} slug={slug} id={only} doc={doc} />
  if (blocks.length > 1) return <ManyInspector ids={blocks} doc={doc} />
  if (edge !== null) return <EdgeInspector slug={slug} edge={edge} doc={doc} />
  return <FlowInspector slug={slug} doc={doc} />
}
