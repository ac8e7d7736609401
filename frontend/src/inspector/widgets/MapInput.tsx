// Names with values; a value may hold {{ … }}.
import { Plus, X } from 'lucide-react'
import { Button, IconButton } from '../../ui'
import type { WidgetProps } from '../FieldRow'
import { DraftText } from './DraftText'
import { ExpressionInput } from './ExpressionInput'

export function MapInput({ id, field, path, value, onChange, invalid }: WidgetProps) {
  const entries = Object.entries(value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {})
  const write = (next: [string, unknown][]) => onChange(next.length === 0 ? undefined : Object.fromEntries(next))
  const taken = (name: string, except: number) => entries.some(([other], i) => other === name && i !== except)
  const add = () => {
    let n = entries.length + 1
    while (taken(`name_${n}`, -1)) n++
    write([...entries, [`name_${n}`, '']])
  }
  return (
    <div id={id}>
      <ul className="rows">
        {entries.map(([name, text], index) => (
          <li key={index} className="map-row">
            <DraftText
              code
              lazy
              required
              value={name}
              label={`${field.title}: name ${index + 1}`}
              accept={(next) => !taken(next, index)}
              onChange={(next) => write(entries.map((entry, i) => (i === index ? [next, entry[1]] : entry)))}
            />
            <ExpressionInput
              id={`${id}-${index}`}
              label={`Value of ${name}`}
              field={{ ...field, kind: 'template', placeholder: 'Value' }}
              path={`${path}.${name}`}
              value={typeof text === 'string' ? text : JSON.stringify(text)}
              invalid={invalid}
              onChange={(next) => write(entries.map((entry, i) => (i === index ? [entry[0], next ?? ''] : entry)))}
            />
            <IconButton size="small" icon={X} label={`Remove ${name}`} onClick={() => write(entries.filter((_, i) => i !== index))} />
          </li>
        ))}
      </ul>
      <Button size="small" icon={Plus} onClick={add}>
        Add value
      </Button>
    </div>
  )
}
