// A labelled field of the page's forms.
import type { ReactNode } from 'react'

export function Field({ id, label, wide, children }: { id: string; label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={`provider-field ${wide ? 'wide' : ''}`}>
      <label htmlFor={id}>{label}</label>
      {children}
    </div>
  )
}
