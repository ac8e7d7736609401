// A new Action or page.
import { useState } from 'react'
import { call } from '../engine'
import { acceptFile, fileTab, openTab } from '../document'
import { attempt, Button, Dialog } from '../ui'

const languages = [
  ['.ts', 'TypeScript'],
  ['.js', 'JavaScript'],
] as const

export function NewFileDialog({ kind, taken, onClose }: { kind: 'action' | 'page'; taken: string[]; onClose: () => void }) {
  const [name, setName] = useState('')
  const [language, setLanguage] = useState<string>('.ts')
  const extension = kind === 'action' ? language : '.html'
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
        className="col"
        style={{ gap: 14 }}
        onSubmit={(event) => {
          event.preventDefault()
          if (path !== '' && !problem) create()
        }}
      >
        <div className="field">
          <label htmlFor="new-file-name">Name</label>
          <input id="new-file-name" className="input code" autoFocus spellCheck={false} value={name} placeholder={kind === 'action' ? 'tag_account' : 'auth/terms'} onChange={(event) => setName(event.target.value)} />
          <small className={problem ? 'field-error' : 'field-help'}>{problem ?? (path || `${folder}…${extension}`)}</small>
        </div>
        {kind === 'action' && (
          <fieldset className="new-language">
            <legend>Language</legend>
            {languages.map(([ending, title]) => (
              <label key={ending}>
                <input type="radio" name="language" value={ending} checked={language === ending} onChange={() => setLanguage(ending)} />
                {title}
              </label>
            ))}
          </fieldset>
        )}
        {kind === 'action' && (
          <small className="field-help">
            It begins with a header that names its settings and outcomes. A name such as <code>lib/mail</code> makes a module, which Actions import.
          </small>
        )}
        <input type="submit" hidden />
      </form>
    </Dialog>
  )
}
