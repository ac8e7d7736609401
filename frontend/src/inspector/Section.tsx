// A titled part of the inspector that can be folded.
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState, type ReactNode } from 'react'

interface SectionProps {
  title: string
  hint?: string
  children: ReactNode
  open?: boolean
  onToggle?: () => void
  aside?: ReactNode
}

const folded = new Set<string>()

export function Section({ title, hint, children, open, onToggle, aside }: SectionProps) {
  const [own, setOwn] = useState(!folded.has(title))
  const shown = open ?? own
  const toggle = () => {
    if (onToggle) onToggle()
    else {
      if (own) folded.add(title)
      else folded.delete(title)
      setOwn(!own)
    }
  }
  return (
    <section className="inspector-section">
      <div className="row">
        <button type="button" className="section-toggle" aria-expanded={shown} onClick={toggle}>
          {shown ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
          <span>{title}</span>
          {hint && shown && <small>{hint}</small>}
        </button>
        {aside}
      </div>
      {shown && <div className="section-body">{children}</div>}
    </section>
  )
}
