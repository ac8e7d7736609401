// The settings of an Action while it is tried: plain values, as api.config will
// have them.
import { Plus, X } from 'lucide-react'
import { useId } from 'react'
import type { Field } from '../engine'
import { Button, IconButton, Select, Switch } from '../ui'

interface ConfigFormProps {
  fields: Field[]
  values: Record<string, unknown>
  onChange: (values: Record<string, unknown>) => void
}

export function ConfigForm({ fields, values, onChange }: ConfigFormProps) {
  const set = (name: string, value: unknown) => {
    const next = { ...values }
    if (value === undefined) delete next[name]
    else next[name] = value
    onChange(next)
  }
  return (
    <div className="try-settings">
      {fields.map((field) => (
        <Setting key={field.name} field={field} value={values[field.name]} onChange={(value) => set(field.name, value)} />
      ))}
    </div>
  )
}

function Setting({ field, value, onChange }: { field: Field; value: unknown; onChange: (value: unknown) => void }) {
  const id = useId()
  const grouped = field.kind === 'strings'
  return (
    <div className={`try-field ${field.kind === 'boolean' ? 'across' : ''}`} role={grouped ? 'group' : undefined} aria-labelledby={grouped ? `${id}-title` : undefined}>
      <label id={`${id}-title`} htmlFor={grouped ? undefined : id}>
        <code>{field.name}</code>
        {field.required && value === undefined && <span className="badge warn">required</span>}
        {field.help && <small className="faint">{field.help}</small>}
      </label>
      <Input id={id} field={field} value={value} onChange={onChange} />
    </div>
  )
}

function Input({ id, field, value, onChange }: { id: string; field: Field; value: unknown; onChange: (value: unknown) => void }) {
  const fallback = typeof field.default === 'string' || typeof field.default === 'number' ? `${field.default} (default)` : undefined
  switch (field.kind) {
    case 'boolean':
      return <Switch id={id} label={field.name} checked={typeof value === 'boolean' ? value : field.default === true} onChange={onChange} />
    case 'choice':
      return (
        <Select id={id} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.target.value || undefined)}>
          <option value="">{fallback ?? 'Choose…'}</option>
          {(field.options ?? []).map((option) => (
            <option key={option.value}>{option.value}</option>
          ))}
        </Select>
      )
    case 'strings':
      return <Texts field={field} value={value} onChange={onChange} />
    default:
      return (
        <input
          id={id}
          className="input"
          inputMode={field.kind === 'number' ? 'decimal' : undefined}
          placeholder={fallback}
          defaultValue={typeof value === 'number' ? value : typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(typed(field, event.target.value))}
        />
      )
  }
}

/** A number where one is typed; what is none goes as a text, and the Action says what is wrong with it. */
function typed(field: Field, text: string): unknown {
  if (text.trim() === '') return undefined
  const number = Number(text)
  return field.kind === 'number' && Number.isFinite(number) ? number : text
}

function Texts({ field, value, onChange }: { field: Field; value: unknown; onChange: (value: unknown) => void }) {
  const texts = (Array.isArray(value) ? value : Array.isArray(field.default) ? field.default : []) as string[]
  return (
    <div className="try-texts">
      {texts.map((text, index) => (
        <span key={index} className="row">
          <input className="input grow" aria-label={`${field.name} ${index + 1}`} value={text} onChange={(event) => onChange(texts.map((t, i) => (i === index ? event.target.value : t)))} />
          <IconButton size="small" icon={X} label={`Remove ${text || `entry ${index + 1}`}`} onClick={() => onChange(texts.filter((_, i) => i !== index))} />
        </span>
      ))}
      <Button size="small" look="ghost" icon={Plus} onClick={() => onChange([...texts, ''])}>
        Add to {field.name}
      </Button>
    </div>
  )
}
