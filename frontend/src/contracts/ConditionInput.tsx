// A condition over the values that the flows know, which can be put in by name.
import { useId, useRef } from 'react'
import type { ScopeValue } from '../engine'
import { Select } from '../ui'

export function ConditionInput({ label, help, text, values, onChange }: { label: string; help: string; text: string; values: ScopeValue[]; onChange: (text: string) => void }) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const put = (path: string) => {
    const at = field.current?.selectionStart ?? text.length
    onChange(text.slice(0, at) + path + text.slice(at))
    field.current?.focus()
  }
  return (
    <div className="contract-field">
      <label htmlFor={id}>{label}</label>
      <div className="row contract-condition">
        <input ref={field} id={id} className="input mono grow" value={text} spellCheck={false} aria-describedby={`${id}-help`} onChange={(event) => onChange(event.target.value)} />
        <Select aria-label={`Put a value into ${label}`} value="" onChange={(event) => put(event.target.value)}>
          <option value="">Insert a value…</option>
          {values.map((v) => (
            <option key={v.path} value={v.path}>
              {v.path} ({v.type})
            </option>
          ))}
        </Select>
      </div>
      <p id={`${id}-help`} className="faint contract-help">
        {help}
      </p>
    </div>
  )
}
