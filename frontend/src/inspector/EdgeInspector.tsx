// One connection.
import { Trash2 } from 'lucide-react'
import { descriptorOf } from '../engine'
import { disconnect, edit, findEdge, portsOf, select, type Doc } from '../document'
import { Button } from '../ui'
import { Section } from './Section'

export function EdgeInspector({ slug, edge, doc }: { slug: string; edge: string; doc: Doc }) {
  const found = findEdge(doc.flow, edge)
  if (!found) return null
  const source = doc.flow.blocks[found.from]!
  const port = portsOf(source, descriptorOf(source.type, source.config)).find((p) => p.id === found.port)
  return (
    <>
      <div className="inspector-head">
        <div className="grow">
          <h2>Connection</h2>
          <p className="faint">Taken when {found.from} ends with this outcome</p>
        </div>
      </div>
      <Section title="Leads">
        <dl className="facts">
          <dt>From</dt>
          <dd>
            <button type="button" className="link" onClick={() => select(slug, [found.from])}>
              {found.from}
            </button>
          </dd>
          <dt>Outcome</dt>
          <dd>{port?.title ?? found.port}</dd>
          <dt>To</dt>
          <dd>
            <button type="button" className="link" onClick={() => select(slug, [found.to])}>
              {found.to}
            </button>
          </dd>
        </dl>
        <Button
          icon={Trash2}
          look="danger"
          size="small"
          onClick={() => {
            edit(slug, disconnect(found.from, found.port))
            select(slug, [])
          }}
        >
          Delete connection
        </Button>
      </Section>
    </>
  )
}
