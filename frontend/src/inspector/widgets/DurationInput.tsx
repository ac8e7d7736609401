// A length of time as people write it: 30s, 15m, 12h, 1h30m.
import type { WidgetProps } from '../FieldRow'
import { DraftText } from './DraftText'

const PATTERN = /^(\d+(\.\d+)?(ms|s|m|h))+$/

export function DurationInput({ id, field, value, onChange, invalid }: WidgetProps) {
  const fallback = typeof field.default === 'string' ? `${field.default} (default)` : (field.placeholder ?? '15m')
  return (
    <DraftText
      id={id}
      value={typeof value === 'string' ? value : ''}
      placeholder={fallback}
      invalid={invalid}
      accept={(text) => text === '' || PATTERN.test(text)}
      onChange={(text) => onChange(text === '' ? undefined : text)}
    />
  )
}
