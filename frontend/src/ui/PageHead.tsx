// The head of a full page: what it is, and what can be done on it.
import type { ReactNode } from 'react'

export function PageHead({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <header className="page-head">
      <div className="grow">
        <h1>{title}</h1>
        <p className="dim">{text}</p>
      </div>
      {children}
    </header>
  )
}
