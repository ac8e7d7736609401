// A new page.
import { useEffect, useState } from 'react'
import { call } from '../engine'
import { acceptFile, fileTab, openTab } from '../document'
import { attempt, FormDialog, Select } from '../ui'
import { fileProblem, pathOf } from './names'

/** The pages that blocks bring along. */
function useBrought(): string[] {
  const [pages, setPages] = useState<string[]>([])
  useEffect(() => attempt(async () => setPages(await call('page.builtin', {}))), [])
  return pages
}

export function NewFileDialog({ taken, onClose }: { taken: string[]; onClose: () => void }) {
  const [name, setName] = useState('')
  const brought = useBrought()
  const free = brought.filter((page) => !taken.includes(`pages/${page}`))
  const path = pathOf('pages/', name, '.html')
  const problem = fileProblem(path, taken)
  const create = () =>
    attempt(async () => {
      acceptFile(await call('file.create', { path }))
      openTab(fileTab(path))
      onClose()
    })
  return (
    <FormDialog
      title="New page"
      onClose={onClose}
      action="Create"
      ready={path !== '' && problem === null}
      onDone={create}
    >
      <div className="field">
        <label htmlFor="new-file-name">Name</label>
        <input id="new-file-name" className="input code" autoFocus spellCheck={false} value={name} placeholder="auth/terms" onChange={(event) => setName(event.target.value)} />
        <small className={problem ? 'field-error' : 'field-help'}>{problem ?? (brought.some((page) => path === `pages/${page}`) ? `${path} begins as the page that blocks bring along, and takes its place` : path || 'pages/….html')}</small>
      </div>
      <div className="field">
        <label htmlFor="new-file-brought">Or change a page that blocks bring along</label>
        <Select id="new-file-brought" value={free.find((page) => path === `pages/${page}`) ?? ''} onChange={(event) => setName(event.target.value.replace(/\.html$/, ''))}>
          <option value="">Choose one…</option>
          {free.map((page) => (
            <option key={page} value={page}>
              {page}
            </option>
          ))}
        </Select>
      </div>
    </FormDialog>
  )
}
