// A page of things that stand in files of the project: a list by file, and beside
// it the one that is chosen.
import { FileCog } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './controls'
import './filed.css'

/** Files that nobody can read say so above everything else. */
export function Unreadable({ texts }: { texts: string[] }) {
  return texts.map((text) => (
    <p key={text} className="filed-unreadable" role="alert">
      {text}
    </p>
  ))
}

interface FiledProps {
  /** What the list, and what stands beside it, are called. */
  label: string
  sideLabel: string
  side: ReactNode
  children: ReactNode
}

export function Filed({ label, sideLabel, side, children }: FiledProps) {
  return (
    <div className="filed">
      <div className="scroll grow filed-lists" aria-label={label} role="region" tabIndex={0}>
        {children}
      </div>
      <aside className="scroll filed-side" aria-label={sideLabel} tabIndex={0}>
        {side}
      </aside>
    </div>
  )
}

export function FiledList({ file, onEdit, orders, children }: { file: string; onEdit?: () => void; orders?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={file}>
      <div className="row filed-head">
        <h2 className="section-title grow mono">{file}</h2>
        {onEdit && (
          <Button size="small" look="ghost" icon={FileCog} aria-label={`Edit ${file}`} onClick={onEdit}>
            Edit
          </Button>
        )}
        {orders}
      </div>
      <ul className="bare-list">{children}</ul>
    </section>
  )
}

export function FiledRow({ mark, name, chosen, onChoose, children }: { mark: ReactNode; name: string; chosen: boolean; onChoose: () => void; children?: ReactNode }) {
  return (
    <li>
      <button type="button" className="filed-row" aria-pressed={chosen} onClick={onChoose}>
        {mark}
        <span className="grow filed-name">{name}</span>
        {children}
      </button>
    </li>
  )
}
