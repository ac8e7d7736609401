// Choosing a file to import: the folders of this machine with the files in them
// that can be imported.
import { CornerLeftUp, FileInput, Folder } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { call, type Folders } from '../engine'
import { attempt, Button, Dialog, Empty } from '../ui'

export function SourceDialog({ onChoose, onClose }: { onChoose: (file: string) => void; onClose: () => void }) {
  const [folders, setFolders] = useState<Folders | null>(null)
  const [path, setPath] = useState('')
  const look = useCallback((dir: string) => {
    attempt(async () => {
      const found = await call('project.folders', { dir })
      setFolders(found)
      setPath(found.dir)
    })
  }, [])
  useEffect(() => look(''), [look])
  return (
    <Dialog title="Choose a .gama archive or a .flow file" onClose={onClose} footer={<Button onClick={onClose}>Cancel</Button>}>
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
      <ul className="folders scroll" aria-label="Folders and files">
        {folders && folders.folders.length + folders.sources.length === 0 && <Empty icon={Folder} title="Nothing to import in here" />}
        {folders?.sources.map((source) => (
          <li key={source.path}>
            <button type="button" className="folder" onClick={() => onChoose(source.path)}>
              <FileInput size={15} aria-hidden className="folder-project" />
              <span className="grow ellipsis">{source.name}</span>
            </button>
          </li>
        ))}
        {folders?.folders.map((folder) => (
          <li key={folder.path}>
            <button type="button" className="folder" onClick={() => look(folder.path)}>
              <Folder size={15} aria-hidden />
              <span className="grow ellipsis">{folder.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
