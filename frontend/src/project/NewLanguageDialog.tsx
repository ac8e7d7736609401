// A language more for the project's pages and messages.
import { useState } from 'react'
import { call } from '../engine'
import { acceptFile, fileTab, openTab } from '../document'
import { attempt, FormDialog } from '../ui'

export function NewLanguageDialog({ taken, onClose }: { taken: string[]; onClose: () => void }) {
  const [tag, setTag] = useState('')
  const path = `labels/${tag.trim()}.json`
  const problem = problemOf(tag.trim(), taken.includes(path))
  const create = () =>
    attempt(async () => {
      acceptFile(await call('file.create', { path }))
      openTab(fileTab(path))
      onClose()
    })
  return (
    <FormDialog
      title="New language"
      description="A file with your texts in it: “key”: “text”. What it does not name is said in the project’s own language, or in English."
      onClose={onClose}
      action="Create"
      ready={tag.trim() !== '' && problem === null}
      onDone={create}
    >
      <div className="field">
        <label htmlFor="new-language">Language tag</label>
        <input id="new-language" className="input code" autoFocus spellCheck={false} value={tag} placeholder="fr" onChange={(event) => setTag(event.target.value)} />
        <small className={problem ? 'field-error' : 'field-help'}>{problem ?? (tag.trim() === '' ? 'As in BCP 47: fr, pt-BR, zh-Hans' : path)}</small>
      </div>
    </FormDialog>
  )
}

function problemOf(tag: string, taken: boolean): string | null {
  if (tag === '') return null
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag)) return 'A language tag is like fr, pt-BR or zh-Hans'
  return taken ? 'There is such a file already' : null
}
