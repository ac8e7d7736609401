// One connection.
import { Trash2 } from 'lucide-react'
import { descriptorOf, editStop, stopAt, stopLook, toggleStop, useRuns, type Draft } from '../engine'
import { disconnect, edit, findEdge, portsOf, select, type Doc } from '../document'
import { attempt, Button, Switch } from '../ui'
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
        <StopRow place={{ kind: 'edge', flow: slug, block: found.from, port: found.port }} />
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

function StopRow({ place }: { place: Draft }) {
  const stop = useRuns((state) => stopAt(state, place))
  return (
    <div className="field switch-row">
      <span className="row">
        {stop && <span className={`stop-mark ${stopLook(stop)}`} aria-hidden />}
        Break on this edge
      </span>
      <span className="row">
        {stop && (
          <Button size="small" look="ghost" onClick={() => editStop(stop)}>
            Edit…
          </Button>
        )}
        <Switch label="Break on this edge" checked={stop !== undefined} onChange={() => attempt(() => toggleStop(place))} />
      </span>
    </div>
  )
}
