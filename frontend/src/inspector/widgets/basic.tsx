// Widgets for numbers, switches and choices.
import { Select, Switch } from '../../ui'
import type { WidgetProps } from '../FieldRow'
import { DraftText } from './DraftText'

export function NumberInput({ id, field, value, onChange, invalid }: WidgetProps) {
  const accept = (text: string) => {
    if (text === '') return true
    const n = Number(text)
    return Number.isFinite(n) && (field.min === undefined || n >= field.min) && (field.max === undefined || n <= field.max)
  }
  const range = field.min !== undefined && field.max !== undefined ? `${field.min}–${field.max}` : undefined
  return (
    <DraftText
      id={id}
      value={typeof value === 'number' ? String(value) : ''}
      placeholder={typeof field.default === 'number' ? `${field.default} (default)` : (field.placeholder ?? range)}
      unit={field.unit}
      inputMode="decimal"
      accept={accept}
      invalid={invalid}
      onChange={(text) => onChange(text === '' ? undefined : Number(text))}
    />
  )
}

export function BooleanInput({ id, field, value, onChange }: WidgetProps) {
  const on = typeof value === 'boolean' ? value : field.default === true
  return <Switch id={id} label={field.title} checked={on} onChange={(next) => onChange(next === (field.default === true) ? undefined : next)} />
}

export function ChoiceInput({ id, field, value, onChange, invalid }: WidgetProps) {
  const options = field.options ?? []
  const unknown = typeof value === 'string' && !options.some((option) => option.value === value)
  const fallback = options.find((option) => option.value === field.default)
  const shown = typeof value === 'string' ? value : ''
  return (
    <Select id={id} value={shown} aria-invalid={invalid || undefined} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}>
      <option value="">{fallback ? `${fallback.title} (default)` : 'Choose…'}</option>
      {unknown && <option value={value}>{value} (unknown)</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.title}
        </option>
      ))}
    </Select>
  )
}

export function ChoicesInput({ id, field, value, onChange }: WidgetProps) {
  const chosen = new Set<unknown>(Array.isArray(value) ? value : Array.isArray(field.default) ? field.default : [])
  const toggle = (option: string, on: boolean) => {
    const next = (field.options ?? []).map((o) => o.value).filter((v) => (v === option ? on : chosen.has(v)))
    onChange(next)
  }
  return (
    <div className="choices" id={id}>
      {(field.options ?? []).map((option) => (
        <label key={option.value} title={option.help}>
          <input type="checkbox" checked={chosen.has(option.value)} onChange={(event) => toggle(option.value, event.target.checked)} />
          <span>{option.title}</span>
        </label>
      ))}
    </div>
  )
}
