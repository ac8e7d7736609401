// A folder browser of our own, for the browser mode: pages cannot open the
// system's dialog for a folder on this machine.
import { CornerLeftUp, Folder, Workflow } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { call, type Folders } from '../engine'
import { attempt, Button, Dialog, Empty } from '../ui'

interface FolderDialogProps {
  title: string
  action: string
  start?: string
  /** Only folders that hold a project can be chosen. */
  needsProject?: boolean
  onChoose: (dir: string) => void
  onClose: () => void
}

export function FolderDialog({ title, action, start = '', needsProject = false, onChoose, onClose }: FolderDialogProps) {
  const [folders, setFolders] = useState<Folders | null>(null)
  const [path, setPath] = useState(start)
  const [chosen, setChosen] = useState<string | null>(null)
  const look = useCallback((dir: string) => {
    attempt(async () => {
      const found = await call('project.folders', { dir })
      setFolders(found)
      setPath(found.dir)
      setChosen(null)
    })
  }, [])
  useEffect(() => look(start), [look, start])
  const target = chosen ?? folders?.dir ?? ''
  const isProject = chosen !== null && folders?.folders.find((f) => f.path === chosen)?.project === true
  const ready = target !== '' && (!needsProject || isProject || chosen === null)
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <span className="grow ellipsis mono small-text faint">{target}</span>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={!ready} onClick={() => onChoose(target)}>
            {action}
          </Button>
        </>
      }
    >
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault()
          look(path)
        }}
      >
        <Button icon={CornerLeftUp} disabled={!folders?.parent} onClick={() => folders && look(folders.parent)}>
          Up
        </Button>
        <input className="input code" aria-label="Folder" spellCheck={false} value={path} onChange={(event) => setPath(event.target.value)} />
      </form>
      <ul className="folders scroll" role="listbox" aria-label="Folders">
        {folders?.folders.length === 0 && <Empty icon={Folder} title="No folders in here" />}
        {folders?.folders.map((folder) => (
          <li key={folder.path} role="option" aria-selected={chosen === folder.path}>
            <button
              type="button"
              className="folder"
              onClick={() => setChosen(folder.path)}
              onDoubleClick={() => (folder.project && needsProject ? onChoose(folder.path) : look(folder.path))}
              onKeyDown={(event) => event.key === 'ArrowRight' && look(folder.path)}
            >
              {folder.project ? <Workflow size={15} aria-hidden className="folder-project" /> : <Folder size={15} aria-hidden />}
              <span className="grow ellipsis">{folder.name}</span>
              {folder.project && <span className="badge accent">project</span>}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
