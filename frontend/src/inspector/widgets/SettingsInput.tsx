// The settings that the header of an Action names, as a form. Each may also be
// {{ … }}, filled in when the block runs.
import { Braces, Type, X } from 'lucide-react'
import { useState } from 'react'
import type { Field } from '../../engine'
import { IconButton } from '../../ui'
import { useBlockPlace } from '../context'
import { FieldProblems } from '../FieldProblems'
import { FieldRow, type WidgetProps } from '../FieldRow'
import { asTyped, isTemplate, withSetting } from './settings'

export function SettingsInput({ id, field, path, value, onChange }: WidgetProps) {
  const { problems, slug } = useBlockPlace()
  const items = field.items ?? []
  const values = value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
  const strangers = Object.keys(values).filter((name) => !items.some((item) => item.name === name))
  return (
    <div id={id} className="settings-form">
      {items.map((item) => (
        <Setting key={item.name} item={item} path={`${path}.${item.name}`} value={values[item.name]} onChange={(next) => onChange(withSetting(values, item.name, next))} />
      ))}
      {strangers.map((name) => (
        <div key={name} className="field">
          <span className="row">
            <code className="grow ellipsis">{name}</code>
            <span className="badge warn">not in the header</span>
            <IconButton size="small" icon={X} label={`Remove ${name}`} onClick={() => onChange(withSetting(values, name, undefined))} />
          </span>
          <FieldProblems problems={problems.filter((p) => p.field === `${path}.${name}`)} slug={slug} />
        </div>
      ))}
    </div>
  )
}

function Setting({ item, path, value, onChange }: { item: Field; path: string; value: unknown; onChange: (value: unknown) => void }) {
  const [asked, setAsked] = useState(false)
  if (item.kind === 'template') {
    const placeholder = typeof item.default === 'string' ? `${item.default} (default)` : item.placeholder
    return <FieldRow field={{ ...item, placeholder }} path={path} value={value} onChange={onChange} />
  }
  const template = asked || isTemplate(value)
  const swap = (
    <IconButton
      size="small"
      icon={template ? Type : Braces}
      label={template ? `Choose ${item.title} here` : `Fill ${item.title} from a value of the flow`}
      onClick={() => {
        if (template && value !== undefined) onChange(undefined)
        setAsked(!template)
      }}
    />
  )
  const shown: Field = template ? { ...item, kind: 'template', placeholder: '{{ event.… }}' } : item
  return <FieldRow key={String(template)} field={shown} path={path} value={template ? value : asTyped(item, value)} onChange={onChange} aside={swap} />
}
