// A new project from a template: what it is called and where it lives.
import { FolderOpen, Play } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, useStudio, type Template } from '../engine'
import { attempt, Button, Dialog } from '../ui'
import { FolderDialog } from './FolderDialog'
import { createProject, pickFolder } from './open'

export function CreateDialog({ template, onClose, onRun }: { template: Template; onClose: () => void; onRun: (slug: string) => void }) {
  const [name, setName] = useState(template.name)
  const [parent, setParent] = useState('')
  const [busy, setBusy] = useState(false)
  const [choosing, setChoosing] = useState(false)
  const mode = useStudio((state) => state.info?.mode)
  useEffect(() => {
    attempt(async () => {
      const folders = await call('project.folders', { dir: '' })
      setParent(folders.dir)
      const taken = new Set(folders.folders.map((folder) => folder.name))
      let free = template.name
      for (let n = 2; taken.has(free); n++) free = `${template.name}-${n}`
      setName(free)
    })
  }, [template.name])
  const mark = parent.includes('\\') ? '\\' : '/'
  const dir = parent.endsWith(mark) ? parent + name : parent + mark + name
  const bad = name.trim() === '' || /[\\/]/.test(name)
  const choose = () =>
    mode === 'window'
      ? attempt(async () => {
          const picked = await pickFolder('Where the new project goes')
          if (picked) setParent(picked)
        })
      : setChoosing(true)
  const create = (run: boolean) => {
    setBusy(true)
    attempt(async () => {
      try {
        const slug = await createProject(template, dir, name.trim())
        onClose()
        if (run && slug) onRun(slug)
      } finally {
        setBusy(false)
      }
    })
  }
  return (
    <Dialog
      title={`New project: ${template.title}`}
      description={template.summary}
      onClose={onClose}
      footer={
        <>
          <Button disabled={bad || busy || !parent} onClick={() => create(false)}>
            Create
          </Button>
          <Button look="primary" icon={Play} disabled={bad || busy || !parent} onClick={() => create(true)}>
            {busy ? 'Creating…' : 'Create & run'}
          </Button>
        </>
      }
    >
      <form
        className="col"
        style={{ gap: 14 }}
        onSubmit={(event) => {
          event.preventDefault()
          if (!bad && !busy && parent) create(true)
        }}
      >
        <div className="field">
          <label htmlFor="project-name">Name</label>
          <input id="project-name" className="input" autoFocus value={name} onChange={(event) => setName(event.target.value)} onFocus={(event) => event.currentTarget.select()} />
        </div>
        <div className="field">
          <label htmlFor="project-parent">In the folder</label>
          <span className="row">
            <input id="project-parent" className="input code" spellCheck={false} value={parent} onChange={(event) => setParent(event.target.value)} />
            <Button icon={FolderOpen} onClick={choose}>
              Choose…
            </Button>
          </span>
          <small className="field-help">
            Creates <code>{dir}</code>
          </small>
        </div>
        <input type="submit" hidden />
      </form>
      {choosing && (
        <FolderDialog
          title="Where the new project goes"
          action="Choose"
          start={parent}
          onClose={() => setChoosing(false)}
          onChoose={(picked) => {
            setChoosing(false)
            setParent(picked)
          }}
        />
      )}
    </Dialog>
  )
}
