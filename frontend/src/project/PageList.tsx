// The pages of the project.
import { FileText, Plus } from 'lucide-react'
import { useState } from 'react'
import { useStudio } from '../engine'
import { fileTab, openTab, useTabs } from '../document'
import { Button, Empty, IconButton } from '../ui'
import { NewFileDialog } from './NewFileDialog'
import './lists.css'

const FOLDER = 'pages/'

export function PageList() {
  const files = useStudio((state) => state.project?.pages) ?? []
  const active = useTabs((state) => state.active)
  const [adding, setAdding] = useState(false)
  return (
    <section className="side-list grow scroll" aria-label="Pages">
      <div className="side-title">
        <h2>Pages</h2>
        <IconButton size="small" icon={Plus} label="New page" onClick={() => setAdding(true)} />
      </div>
      {files.length === 0 ? (
        <Empty
          icon={FileText}
          title="No pages yet"
          actions={
            <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
              New page
            </Button>
          }
        >
          A page is an HTML template of your own, shown in place of the one that a block brings along.
        </Empty>
      ) : (
        <ul>
          {files.map((file) => (
            <li key={file.path}>
              <button type="button" className="side-entry" aria-current={active === `file:${file.path}` ? 'true' : undefined} onClick={() => openTab(fileTab(file.path))}>
                <FileText size={14} aria-hidden />
                <span className="grow ellipsis">{file.path.startsWith(FOLDER) ? file.path.slice(FOLDER.length) : file.path}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {adding && <NewFileDialog taken={files.map((file) => file.path)} onClose={() => setAdding(false)} />}
    </section>
  )
}
