// The Actions of the project by their titles, and below them what they share.
import { Braces, FileJson, Plus, SquareFunction } from 'lucide-react'
import { useState } from 'react'
import { actionName, useStudio, type ActionSummary } from '../engine'
import { fileTab, openTab, useTabs } from '../document'
import { Button, Empty, IconButton } from '../ui'
import { NewActionDialog } from './NewActionDialog'
import './lists.css'

const none: ActionSummary[] = []

export function ActionList() {
  const files = useStudio((state) => state.project?.actions ?? none)
  const [adding, setAdding] = useState(false)
  const actions = files.filter((file) => file.runs)
  const modules = files.filter((file) => !file.runs)
  return (
    <section className="side-list grow scroll" aria-label="Actions">
      <div className="side-title">
        <h2>Actions</h2>
        <IconButton size="small" icon={Plus} label="New Action" onClick={() => setAdding(true)} />
      </div>
      {actions.length === 0 && (
        <Empty
          icon={SquareFunction}
          title="No Actions yet"
          actions={
            <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
              New Action
            </Button>
          }
        >
          An Action is TypeScript or JavaScript that a flow runs: it can deny, add claims, call a host, write to the account.
        </Empty>
      )}
      <ul>
        {actions.map((file) => (
          <Entry key={file.path} file={file} />
        ))}
      </ul>
      {modules.length > 0 && (
        <>
          <div className="side-title side-line">
            <h2>Shared by Actions</h2>
          </div>
          <ul>
            {modules.map((file) => (
              <Entry key={file.path} file={file} />
            ))}
          </ul>
        </>
      )}
      {adding && <NewActionDialog taken={files.map((file) => file.path)} onClose={() => setAdding(false)} />}
    </section>
  )
}

function Entry({ file }: { file: ActionSummary }) {
  const active = useTabs((state) => state.active)
  const name = actionName(file.path)
  const Icon = file.runs ? SquareFunction : name.endsWith('.json') ? FileJson : Braces
  return (
    <li>
      <button
        type="button"
        className={`side-entry ${file.title ? 'tall' : ''}`}
        title={file.summary}
        aria-current={active === `file:${file.path}` ? 'true' : undefined}
        onClick={() => openTab(fileTab(file.path))}
      >
        <Icon size={14} aria-hidden />
        <span className="grow side-texts">
          <span className="ellipsis">{file.title ?? name}</span>
          {file.title && <span className="faint side-aside ellipsis">{name}</span>}
        </span>
      </button>
    </li>
  )
}
