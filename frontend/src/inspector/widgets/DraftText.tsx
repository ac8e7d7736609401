// A text that may be half-typed for a while: what is not acceptable yet stays in
// the field and is given up when the field is left.
import { useState, type KeyboardEvent } from 'react'

interface DraftTextProps {
  id?: string
  value: string
  onChange: (text: string) => void
  placeholder?: string
  multiline?: boolean
  code?: boolean
  required?: boolean
  unit?: string
  invalid?: boolean
  label?: string
  inputMode?: 'numeric' | 'decimal'
  accept?: (text: string) => boolean
  /** Taken over on leaving or Enter, not at every key. */
  lazy?: boolean
}

export function DraftText({ id, value, onChange, placeholder, multiline, code, required, unit, invalid, label, inputMode, accept, lazy }: DraftTextProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const fits = (text: string) => (!required || text.trim() !== '') && (accept?.(text) ?? true)
  const type = (text: string) => {
    if (lazy || !fits(text)) setDraft(text)
    else {
      setDraft(null)
      onChange(text)
    }
  }
  const leave = () => {
    if (draft !== null && fits(draft) && draft !== value) onChange(draft)
    setDraft(null)
  }
  const key = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') leave()
    if (event.key === 'Escape' && draft !== null) {
      event.stopPropagation()
      setDraft(null)
    }
  }
  const shown = draft ?? value
  const common = {
    id,
    placeholder,
    spellCheck: !code,
    'aria-label': label,
    'aria-invalid': invalid || (draft !== null && !fits(draft)) || undefined,
    className: `input ${code ? 'code' : ''}`,
    value: shown,
    onBlur: leave,
  }
  if (multiline) return <textarea {...common} rows={2} onChange={(event) => type(event.target.value)} />
  const input = <input {...common} type="text" autoComplete="off" inputMode={inputMode} onChange={(event) => type(event.target.value)} onKeyDown={key} />
  if (!unit) return input
  return (
    <span className="with-unit">
      {input}
      <span className="unit">{unit}</span>
    </span>
  )
}
