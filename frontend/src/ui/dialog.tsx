// Dialogs: a title, a body, a row of buttons. And one that asks before a loss.
import { Dialog as Radix } from 'radix-ui'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { create } from 'zustand'
import { Button, IconButton } from './controls'

export interface DialogProps {
  title: string
  description?: ReactNode
  onClose: () => void
  children?: ReactNode
  footer?: ReactNode
  wide?: boolean
  /** Nothing in it takes the keyboard: it is scrolled itself. */
  text?: boolean
}

export function Dialog({ title, description, onClose, children, footer, wide, text }: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="overlay" />
        <Radix.Content className={`dialog ${wide ? 'wide' : ''}`} onOpenAutoFocus={focusFirst} {...(description ? {} : { 'aria-describedby': undefined })}>
          <div className="dialog-head">
            <div className="grow">
              <Radix.Title asChild>
                <h2>{title}</h2>
              </Radix.Title>
              {description && (
                <Radix.Description asChild>
                  <p>{description}</p>
                </Radix.Description>
              )}
            </div>
            <IconButton icon={X} label="Close" onClick={onClose} />
          </div>
          {children !== undefined && <div className="dialog-body" tabIndex={text ? 0 : undefined}>{children}</div>}
          {footer && <div className="dialog-foot">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The keyboard begins at the first field, else at the button that goes on. */
function focusFirst(event: Event): void {
  const dialog = event.target
  if (!(dialog instanceof HTMLElement)) return
  const first = dialog.querySelector<HTMLElement>('.dialog-body input:not([hidden]), .dialog-body select, .dialog-body textarea, .dialog-body[tabindex]') ?? dialog.querySelector<HTMLElement>('.dialog-foot .primary:not(:disabled), .dialog-foot .btn')
  event.preventDefault()
  ;(first ?? dialog).focus()
}

interface Question {
  title: string
  text: string
  yes: string
  danger?: boolean
  run: () => void
}

const useQuestion = create<{ question: Question | null }>()(() => ({ question: null }))

/** Asks before something that cannot be undone. */
export function ask(question: Question): void {
  useQuestion.setState({ question })
}

export function Questions() {
  const question = useQuestion((state) => state.question)
  if (!question) return null
  const close = () => useQuestion.setState({ question: null })
  return (
    <Dialog
      title={question.title}
      description={question.text}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            look={question.danger ? 'danger' : 'primary'}
            onClick={() => {
              close()
              question.run()
            }}
          >
            {question.yes}
          </Button>
        </>
      }
    />
  )
}
