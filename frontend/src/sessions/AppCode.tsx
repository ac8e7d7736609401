// The code that a person's authenticator app shows, asked for anew when it
// changes. It follows the harness's clock.
import { KeyRound } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, describe } from '../engine'
import { Button, CopyButton } from '../ui'

export function AppCode({ id, name }: { id: string; name: string }) {
  const [open, setOpen] = useState(false)
  if (!open) {
    return (
      <Button size="small" look="ghost" icon={KeyRound} aria-label={`Show the code of ${name}’s app`} onClick={() => setOpen(true)}>
        Code
      </Button>
    )
  }
  return <Shown id={id} name={name} />
}

function Shown({ id, name }: { id: string; name: string }) {
  const [code, setCode] = useState('')
  const [left, setLeft] = useState(0)
  const [failure, setFailure] = useState('')
  useEffect(() => {
    let current = true
    const ask = () =>
      void call('users.app_code', { id }).then(
        (found) => current && (setCode(found.code), setLeft(found.seconds)),
        (error: unknown) => current && setFailure(describe(error).message),
      )
    ask()
    const timer = setInterval(() => {
      if (!document.hidden) ask()
    }, 1000)
    return () => {
      current = false
      clearInterval(timer)
    }
  }, [id])
  if (failure) return <span className="field-error">{failure}</span>
  if (code === '') return <span className="faint">…</span>
  return (
    <span className="row" style={{ gap: 4 }} role="group" aria-label={`Code of ${name}’s app`}>
      <code>
        {code.slice(0, 3)} {code.slice(3)}
      </code>
      <CopyButton text={code} label={`Copy the code of ${name}`} />
      <span className="faint num">{left} s</span>
    </span>
  )
}
