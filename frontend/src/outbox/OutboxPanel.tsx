// Mails and messages that runs would have sent. Codes are a click away, links
// open in the browser panel.
import { Inbox, Link2, Mail, MessageSquare, Play } from 'lucide-react'
import { useState } from 'react'
import { call, useLeftovers, type MailView } from '../engine'
import { RunSignIn } from '../commands'
import { attempt, Button, clockTime, CopyButton, Empty } from '../ui'
import './outbox.css'

export function OutboxPanel({ onOpenBrowser }: { onOpenBrowser: () => void }) {
  const outbox = useLeftovers((state) => state.outbox)
  const [chosen, setChosen] = useState<string | null>(null)
  if (outbox.length === 0) {
    return (
      <Empty icon={Inbox} title="Nothing was sent" actions={<RunSignIn icon={Play} />}>
        In the harness nothing leaves this machine: every mail and text message a flow would send is kept here, with its code and its links.
      </Empty>
    )
  }
  const list = [...outbox].sort((a, b) => b.at.localeCompare(a.at))
  const mail = list.find((m) => m.id === chosen) ?? list[0]!
  return (
    <div className="outbox">
      <ul className="scroll outbox-list" aria-label="Sent messages">
        {list.map((m) => {
          const Icon = m.channel === 'email' ? Mail : MessageSquare
          return (
            <li key={m.id}>
              <button type="button" className="outbox-entry" aria-pressed={m === mail} onClick={() => setChosen(m.id)}>
                <Icon size={14} aria-label={m.channel === 'email' ? 'Mail' : 'Text message'} />
                <span className="grow">
                  <span className="ellipsis outbox-subject">{m.subject || m.text}</span>
                  <span className="ellipsis outbox-to">{m.to}</span>
                </span>
                <span className="faint num">{clockTime(m.at)}</span>
              </button>
            </li>
          )
        })}
      </ul>
      <Message mail={mail} onOpenBrowser={onOpenBrowser} />
    </div>
  )
}

function Message({ mail, onOpenBrowser }: { mail: MailView; onOpenBrowser: () => void }) {
  const open = (url: string) =>
    attempt(async () => {
      onOpenBrowser()
      await call('browser.open', { url })
    })
  return (
    <article className="scroll grow outbox-message selectable" aria-label={mail.subject || 'Message'}>
      <header>
        <h3>{mail.subject || 'Text message'}</h3>
        <p className="faint">
          To {mail.to}, {clockTime(mail.at)}
        </p>
      </header>
      {(mail.code || mail.links.length > 0) && (
        <div className="outbox-quick">
          {mail.code && (
            <span className="outbox-code">
              <code>{mail.code}</code>
              <CopyButton visible text={mail.code} label="Copy code" />
            </span>
          )}
          {mail.links.map((url) => (
            <Button key={url} size="small" icon={Link2} title={url} onClick={() => open(url)}>
              Open link
            </Button>
          ))}
        </div>
      )}
      <pre className="outbox-text">{mail.text}</pre>
    </article>
  )
}
