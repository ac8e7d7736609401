// The Actions or the pages of the project.
import { Braces, FileText, Plus } from 'lucide-react'
import { useState } from 'react'
import { useStudio } from '../engine'
import { fileTab, openTab, useTabs } from '../document'
import { Button, Empty, IconButton } from '../ui'
import { NewFileDialog } from './NewFileDialog'
import './lists.css'

const texts = {
  action: { title: 'Actions', icon: Braces, none: 'No Actions yet', help: 'An Action is JavaScript that a flow runs: it can deny, add claims, call a host, write to the account.', add: 'New Action' },
  page: { title: 'Pages', icon: FileText, none: 'No pages yet', help: 'A page is an HTML template of your own, shown in place of the one that a block brings along.', add: 'New page' },
}

export function FileList({ kind }: { kind: 'action' | 'page' }) {
  const files = useStudio((state) => (kind === 'action' ? state.project?.actions : state.project?.pages)) ?? []
  const active = useTabs((state) => state.active)
  const [adding, setAdding] = useState(false)
  const { title, icon: Icon, none, help, add } = texts[kind]
  const folder = kind === 'action' ? 'actions/' : 'pages/'
  return (
    <section className="side-list grow scroll" aria-label={title}>
      <div className="side-title">
        <h2>{title}</h2>
        <IconButton size="small" icon={Plus} label={add} onClick={() => setAdding(true)} />
      </div>
      {files.length === 0 ? (
        <Empty
          icon={Icon}
          title={none}
          actions={
            <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
              {add}
            </Button>
          }
        >
          {help}
        </Empty>
      ) : (
        <ul>
          {files.map((file) => (
            <li key={file.path}>
              <button type="button" className="side-entry" aria-current={active === `file:${file.path}` ? 'true' : undefined} onClick={() => openTab(fileTab(file.path))}>
                <Icon size={14} aria-hidden />
                <span className="grow ellipsis">{file.path.startsWith(folder) ? file.path.slice(folder.length) : file.path}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {adding && <NewFileDialog kind={kind} taken={files.map((file) => file.path)} onClose={() => setAdding(false)} />}
    </section>
  )
}
