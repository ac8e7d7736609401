// Short notices in the corner, and sentences for screen readers alone.
import { CircleAlert, CircleCheck, Info, X } from 'lucide-react'
import { useEffect } from 'react'
import { create } from 'zustand'
import { describe } from '../engine/errors'
import { Button, IconButton } from './controls'

type Tone = 'info' | 'good' | 'bad'

interface Notice {
  id: number
  tone: Tone
  text: string
  hint?: string
  action?: { label: string; run: () => void }
}

const useNotices = create<{ notices: Notice[]; spoken: string }>()(() => ({ notices: [], spoken: '' }))
let next = 1

function show(tone: Tone, text: string, hint?: string, action?: Notice['action']): void {
  const notice: Notice = { id: next++, tone, text, hint, action }
  useNotices.setState((state) => ({ notices: [...state.notices.filter((n) => n.text !== text), notice].slice(-4) }))
}

export const notify = {
  info: (text: string, hint?: string, action?: Notice['action']) => show('info', text, hint, action),
  good: (text: string, hint?: string, action?: Notice['action']) => show('good', text, hint, action),
  /** Shows anything that was thrown. */
  failure: (error: unknown) => {
    const { message, hint } = describe(error)
    show('bad', message, hint)
  },
}

/** Says a sentence to those who listen to the screen. */
export function announce(text: string): void {
  useNotices.setState({ spoken: text })
}

/** Runs something that may fail and shows the failure. */
export function attempt(work: () => Promise<unknown>): void {
  work().catch(notify.failure)
}

const icons = { info: Info, good: CircleCheck, bad: CircleAlert }

function Toast({ notice }: { notice: Notice }) {
  const close = () => useNotices.setState((state) => ({ notices: state.notices.filter((n) => n.id !== notice.id) }))
  useEffect(() => {
    const timer = setTimeout(close, notice.tone === 'bad' ? 12000 : 5000)
    return () => clearTimeout(timer)
  })
  const Icon = icons[notice.tone]
  return (
    <div className="toast" role={notice.tone === 'bad' ? 'alert' : 'status'}>
      <Icon size={16} aria-hidden color={`var(--${notice.tone === 'info' ? 'accent-text' : notice.tone})`} />
      <div className="grow">
        <p>{notice.text}</p>
        {notice.hint && <small>{notice.hint}</small>}
        {notice.action && (
          <Button
            size="small"
            style={{ marginTop: 6 }}
            onClick={() => {
              notice.action?.run()
              close()
            }}
          >
            {notice.action.label}
          </Button>
        )}
      </div>
      <IconButton size="small" icon={X} label="Dismiss" onClick={close} />
    </div>
  )
}

export function Notices() {
  const { notices, spoken } = useNotices()
  return (
    <>
      <div className="toasts">
        {notices.map((notice) => (
          <Toast key={notice.id} notice={notice} />
        ))}
      </div>
      <div className="sr-only" role="status" aria-live="polite" data-testid="announcer">
        {spoken}
      </div>
    </>
  )
}
