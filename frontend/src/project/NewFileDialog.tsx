// A new page.
import { useState } from 'react'
import { call } from '../engine'
import { acceptFile, fileTab, openTab } from '../document'
import { attempt, Button, Dialog } from '../ui'
import { fileProblem, pathOf } from './names'

export function NewFileDialog({ taken, onClose }: { taken: string[]; onClose: () => void }) {
  const [name, setName] = useState('')
  const path = pathOf('pages/', name, '.html')
  const problem = fileProblem(path, taken)
  const create = () =>
    attempt(async () => {
      acceptFile(await call('file.create', { path }))
      openTab(fileTab(path))
      onClose()
    })
  return (
    <Dialog
      title="New page"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={path === '' || problem !== null} onClick={create}>
            Create
          </Button>
        </>
      }
    >
      <form
        className="col"
        style={{ gap: 14 }}
        onSubmit={(event) => {
          event.preventDefault()
          if (path !== '' && !problem) create()
        }}
      >
        <div className="field">
          <label htmlFor="new-file-name">Name</label>
          <input id="new-file-name" className="input code" autoFocus spellCheck={false} value={name} placeholder="auth/terms" onChange={(event) => setName(event.target.value)} />
          <small className={problem ? 'field-error' : 'field-help'}>{problem ?? (path || 'pages/….html')}</small>
        </div>
        <input type="submit" hidden />
      </form>
    </Dialog>
  )
}
