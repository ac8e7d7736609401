// The outcomes of a block and where each leads: the way to connect without a
// pointer.
import { ArrowRight, X } from 'lucide-react'
import { useState } from 'react'
import { useLookup, useStudio } from '../engine'
import { connect, connectProblem, disconnect, edit, portsOf, select, type Doc, type PortView } from '../document'
import { IconButton, Select } from '../ui'
import { useBlockPlace } from './context'
import { FieldProblems } from './FieldProblems'
import { Section } from './Section'

export function PortList({ slug, id, doc }: { slug: string; id: string; doc: Doc }) {
  const block = doc.flow.blocks[id]!
  const lookup = useLookup()
  const { problems } = useBlockPlace()
  const ports = portsOf(block, lookup(block.type, block.config))
  if (ports.length === 0) {
    return (
      <Section title="Outcomes">
        <p className="faint small-text">Nothing runs after this block: the flow ends here.</p>
      </Section>
    )
  }
  return (
    <Section title="Outcomes">
      <ul className="ports">
        {ports.map((port) => {
          const to = block.next?.[port.id]
          return (
            <li key={port.id}>
              <span className={`port-dot ${port.tone} ${to ? 'wired' : ''}`} aria-hidden />
              <span className={`port-name ellipsis ${port.stale ? 'stale' : ''}`} title={port.stale ? 'This outcome does not exist any more' : port.title}>
                {port.title}
              </span>
              <TargetSelect slug={slug} id={id} doc={doc} port={port} />
              {to && doc.flow.blocks[to] ? (
                <IconButton size="small" icon={ArrowRight} label={`Go to ${to}`} onClick={() => select(slug, [to])} />
              ) : to ? (
                <IconButton size="small" icon={X} label={`Disconnect ${port.title}`} onClick={() => edit(slug, disconnect(id, port.id))} />
              ) : (
                <span className="port-gap" />
              )}
              <FieldProblems problems={problems.filter((p) => p.field === `next.${port.id}`)} slug={slug} />
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

/** A flow of many blocks has its list made when somebody turns to it, not at every key. */
const MANY = 200

function TargetSelect({ slug, id, doc, port }: { slug: string; id: string; doc: Doc; port: PortView }) {
  const catalogue = useStudio((state) => state.catalogue)
  const lookup = useLookup()
  const ids = Object.keys(doc.flow.blocks)
  const [turnedTo, setTurnedTo] = useState(false)
  const to = doc.flow.blocks[id]?.next?.[port.id]
  const name = (target: string) => {
    const other = doc.flow.blocks[target]
    return other ? `${target} (${other.label ?? lookup(other.type)?.title ?? other.type})` : `${target} (missing)`
  }
  const targets = turnedTo || ids.length <= MANY ? ids.filter((target) => connectProblem(doc.flow, id, target, catalogue) === null) : []
  return (
    <Select
      aria-label={`${port.title} leads to`}
      value={to ?? ''}
      onPointerDown={() => setTurnedTo(true)}
      onFocus={() => setTurnedTo(true)}
      onBlur={() => setTurnedTo(false)}
      onChange={(event) => edit(slug, event.target.value === '' ? disconnect(id, port.id) : connect(id, port.id, event.target.value))}
    >
      <option value="">{port.id === 'error' ? 'Deny (default)' : 'Nowhere'}</option>
      {to && !targets.includes(to) && <option value={to}>{name(to)}</option>}
      {targets.map((target) => (
        <option key={target} value={target}>
          {name(target)}
        </option>
      ))}
    </Select>
  )
}
