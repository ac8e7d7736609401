// Any JSON value.
import { useState } from 'react'
import type { WidgetProps } from '../FieldRow'

export function JsonInput({ id, field, value, onChange, invalid }: WidgetProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const shown = draft ?? (value === undefined ? '' : JSON.stringify(value, null, 2))
  const parsed = parse(shown)
  return (
    <>
      <textarea
        id={id}
        className="input code"
        rows={Math.min(12, Math.max(3, shown.split('\n').length))}
        spellCheck={false}
        placeholder={field.placeholder ?? '{ }'}
        aria-invalid={invalid || !parsed.ok || undefined}
        value={shown}
        onChange={(event) => {
          setDraft(event.target.value)
          const next = parse(event.target.value)
          if (next.ok) onChange(next.value)
        }}
        onBlur={() => parsed.ok && setDraft(null)}
      />
      {!parsed.ok && <small className="field-error">{parsed.problem}</small>}
    </>
  )
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; problem: string } {
  if (text.trim() === '') return { ok: true, value: undefined }
  try {
    return { ok: true, value: JSON.parse(text) as unknown }
  } catch (error) {
    return { ok: false, problem: `Not valid JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}
