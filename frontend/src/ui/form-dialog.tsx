// A dialog that asks for something: what is typed, Cancel, and one button that
// does it, which Enter presses as well.
import type { LucideIcon } from 'lucide-react'
import type { FormEvent, ReactNode } from 'react'
import { Button } from './controls'
import { Dialog, type DialogProps } from './dialog'

interface FormDialogProps extends Omit<DialogProps, 'footer' | 'text'> {
  /** What the button does, as it says it. */
  action: ReactNode
  icon?: LucideIcon
  /** Everything is there that the button needs. */
  ready: boolean
  onDone: () => void
  /** Buttons before Cancel. */
  also?: ReactNode
}

export function FormDialog({ action, icon, ready, onDone, also, children, ...dialog }: FormDialogProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) onDone()
  }
  return (
    <Dialog
      {...dialog}
      footer={
        <>
          {also}
          <Button onClick={dialog.onClose}>Cancel</Button>
          <Button look="primary" icon={icon} disabled={!ready} onClick={onDone}>
            {action}
          </Button>
        </>
      }
    >
      <form className="dialog-form" onSubmit={submit}>
        {children}
        <input type="submit" hidden />
      </form>
    </Dialog>
  )
}
