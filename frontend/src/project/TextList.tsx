// The texts for people, a file for each language, and the other files that are
// written as text.
import { FileCog, Languages, Plus } from 'lucide-react'
import { useState } from 'react'
import { useStudio, type FileSummary } from '../engine'
import { fileTab, openTab, useTabs } from '../document'
import { IconButton } from '../ui'
import { NewLanguageDialog } from './NewLanguageDialog'

const LABELS = 'labels/'

export function TextList() {
  const files = useStudio((state) => state.project?.texts) ?? []
  const [adding, setAdding] = useState(false)
  const labels = files.filter((file) => file.path.startsWith(LABELS))
  return (
    <>
      <section className="side-list" aria-label="Texts">
        <div className="side-title">
          <h2>Texts</h2>
          <IconButton size="small" icon={Plus} label="New language" onClick={() => setAdding(true)} />
        </div>
        <Entries files={labels} icon={Languages} name={(path) => languageOf(path)} />
      </section>
      <section className="side-list" aria-label="Other files">
        <div className="side-title">
          <h2>Other files</h2>
        </div>
        <Entries files={files.filter((file) => !file.path.startsWith(LABELS))} icon={FileCog} name={(path) => path} />
      </section>
      {adding && <NewLanguageDialog taken={labels.map((file) => file.path)} onClose={() => setAdding(false)} />}
    </>
  )
}

function Entries({ files, icon: Icon, name }: { files: FileSummary[]; icon: typeof FileCog; name: (path: string) => string }) {
  const active = useTabs((state) => state.active)
  return (
    <ul>
      {files.map((file) => (
        <li key={file.path}>
          <button type="button" className="side-entry" title={file.path} aria-current={active === `file:${file.path}` ? 'true' : undefined} onClick={() => openTab(fileTab(file.path))}>
            <Icon size={14} aria-hidden />
            <span className="grow ellipsis">{name(file.path)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** "German (de)" of "labels/de.json". */
function languageOf(path: string): string {
  const tag = path.slice(LABELS.length).replace(/\.json$/, '')
  try {
    return `${new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag} (${tag})`
  } catch {
    return tag
  }
}
