// A list of texts, one a line.
import { Plus, X } from 'lucide-react'
import { useRef } from 'react'
import { Button, IconButton } from '../../ui'
import type { WidgetProps } from '../FieldRow'
import { DraftText } from './DraftText'

export function StringsInput({ id, field, value, onChange }: WidgetProps) {
  const texts = (Array.isArray(value) ? value : Array.isArray(field.default) ? field.default : []) as string[]
  const list = useRef<HTMLUListElement>(null)
  const add = () => {
    onChange([...texts, ''])
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('li:last-child input')?.focus())
  }
  return (
    <div id={id}>
      <ul className="rows" ref={list}>
        {texts.map((text, index) => (
          <li key={index} className="row">
            <DraftText value={text} label={`${field.title} ${index + 1}`} placeholder={field.placeholder} onChange={(next) => onChange(texts.map((t, i) => (i === index ? next : t)))} />
            <IconButton size="small" icon={X} label={`Remove ${text || `entry ${index + 1}`}`} onClick={() => onChange(texts.filter((_, i) => i !== index))} />
          </li>
        ))}
      </ul>
      <Button size="small" icon={Plus} onClick={add}>
        Add
      </Button>
    </div>
  )
}
