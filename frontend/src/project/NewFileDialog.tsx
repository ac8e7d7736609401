// A new Action or page.
import { useState } from 'react'
import { call } from '../engine'
import { acceptFile, fileTab, openTab } from '../document'
import { attempt, Button, Dialog } from '../ui'

export function NewFileDialog({ kind, taken, onClose }: { kind: 'action' | 'page'; taken: string[]; onClose: () => void }) {
  const [name, setName] = useState('')
  const extension = kind === 'action' ? '.js' : '.html'
  const folder = kind === 'action' ? 'actions/' : 'pages/'
  const clean = name.trim().replace(/^\/+/, '')
  const path = clean === '' ? '' : folder + (clean.includes('.') ? clean : clean + extension)
  const problem = taken.includes(path) ? 'This file exists.' : /\.\.|[^\w./-]/.test(path) ? 'Use letters, digits, _, - and / for folders.' : null
  const create = () =>
    attempt(async () => {
      acceptFile(await call('file.create', { path }))
      openTab(fileTab(path))
      onClose()
    })
  return (
    <Dialog
      title={kind === 'action' ? 'New Action' : 'New page'}
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
        className="field"
        onSubmit={(event) => {
          event.preventDefault()
          if (path !== '' && !problem) create()
        }}
      >
        <label htmlFor="new-file-name">Name</label>
        <input id="new-file-name" className="input code" autoFocus spellCheck={false} value={name} placeholder={kind === 'action' ? 'tag_account' : 'auth/terms'} onChange={(event) => setName(event.target.value)} />
        <small className={problem ? 'field-error' : 'field-help'}>{problem ?? (path || `${folder}…${extension}`)}</small>
      </form>
    </Dialog>
  )
}
