// The outcomes of a block and where each leads: the way to connect without a
// pointer.
import { ArrowRight, X } from 'lucide-react'
import { useLookup, useStudio } from '../engine'
import { connect, connectProblem, disconnect, edit, portsOf, select, type Doc } from '../document'
import { IconButton, Select } from '../ui'
import { useBlockPlace } from './context'
import { FieldProblems } from './FieldProblems'
import { Section } from './Section'

export function PortList({ slug, id, doc }: { slug: string; id: string; doc: Doc }) {
  const block = doc.flow.blocks[id]!
  const catalogue = useStudio((state) => state.catalogue)
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
  const name = (target: string) => {
    const other = doc.flow.blocks[target]
    return other ? `${target} (${other.label ?? lookup(other.type)?.title ?? other.type})` : `${target} (missing)`
  }
  const targets = Object.keys(doc.flow.blocks).filter((target) => connectProblem(doc.flow, id, target, catalogue) === null)
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
              <Select
                aria-label={`${port.title} leads to`}
                value={to ?? ''}
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
