// A project made of flows that were written for Agama: which file, where it goes,
// and then what is left to do.
import { FileInput, FolderOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, describe, type ImportEntry, type ImportReport } from '../engine'
import { attempt, Button, Dialog, FormDialog, plural } from '../ui'
import { FolderDialog } from './FolderDialog'
import { importAgama } from './open'
import { SourceDialog } from './SourceDialog'
import './import.css'

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState('')
  const [parent, setParent] = useState('')
  const [named, setName] = useState<string | null>(null)
  const [login, setLogin] = useState('')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<{ message: string; hint?: string } | null>(null)
  const [choosing, setChoosing] = useState<'file' | 'folder' | null>(null)
  const [report, setReport] = useState<ImportReport | null>(null)
  useEffect(() => {
    attempt(async () => setParent((await call('project.folders', { dir: '' })).dir))
  }, [])
  const choose = (chosen: string) => {
    setChoosing(null)
    setFile(chosen)
  }
  // Until somebody writes another, the folder is called as the file is.
  const name = named ?? nameOf(file)
  const mark = parent.includes('\\') ? '\\' : '/'
  const dir = parent.endsWith(mark) ? parent + name : parent + mark + name
  const ready = file.trim() !== '' && name.trim() !== '' && !/[\\/]/.test(name) && parent !== '' && !busy
  const run = async () => {
    setBusy(true)
    setRefused(null)
    try {
      setReport(await importAgama(file.trim(), dir, login.trim()))
    } catch (error) {
      setRefused(describe(error))
    } finally {
      setBusy(false)
    }
  }
  if (report) return <Imported report={report} dir={dir} onClose={onClose} />
  return (
    <>
      <FormDialog
        title="Import an Agama project"
        description="Flows, pages, labels and configuration of a .gama archive or a .flow file become a new project. What cannot be carried over refuses until it is written, and is listed."
        action={busy ? 'Importing…' : 'Import'}
        icon={FileInput}
        ready={ready}
        onDone={() => void run()}
        onClose={onClose}
      >
        <div className="field">
          <label htmlFor="import-file">File</label>
          <span className="row">
            <input id="import-file" className="input code" spellCheck={false} placeholder="project.gama" value={file} onChange={(event) => setFile(event.target.value)} />
            <Button icon={FolderOpen} onClick={() => setChoosing('file')}>
              Choose a file…
            </Button>
          </span>
        </div>
        <div className="field">
          <label htmlFor="import-name">Name of the folder</label>
          <input id="import-name" className="input" value={name} onChange={(event) => setName(event.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="import-parent">In the folder</label>
          <span className="row">
            <input id="import-parent" className="input code" spellCheck={false} value={parent} onChange={(event) => setParent(event.target.value)} />
            <Button icon={FolderOpen} onClick={() => setChoosing('folder')}>
              Choose…
            </Button>
          </span>
          <small className="field-help">
            Creates <code>{dir}</code>
          </small>
        </div>
        <div className="field">
          <label htmlFor="import-login">Flow that clients run</label>
          <input id="import-login" className="input code" spellCheck={false} placeholder="the one that no other flow runs" value={login} onChange={(event) => setLogin(event.target.value)} />
        </div>
        {refused && (
          <p className="import-refused" role="alert">
            <strong>{refused.message}</strong> {refused.hint}
          </p>
        )}
      </FormDialog>
      {choosing === 'file' && <SourceDialog onChoose={choose} onClose={() => setChoosing(null)} />}
      {choosing === 'folder' && (
        <FolderDialog
          title="Where the new project goes"
          action="Choose"
          start={parent}
          onClose={() => setChoosing(null)}
          onChoose={(picked) => {
            setChoosing(null)
            setParent(picked)
          }}
        />
      )}
    </>
  )
}

/** A folder's name from a file's. */
function nameOf(file: string): string {
  const base = file.split(/[\\/]/).pop() ?? ''
  return base.replace(/\.(gama|flow)$/i, '')
}

const kinds: { kind: ImportEntry['kind']; title: string; about: string }[] = [
  { kind: 'todo', title: 'To do', about: 'These do not work until they are done.' },
  { kind: 'check', title: 'To look at', about: 'These work, and are not quite what they were.' },
  { kind: 'note', title: 'For the record', about: 'There is nothing to do about these.' },
]

function Imported({ report, dir, onClose }: { report: ImportReport; dir: string; onClose: () => void }) {
  return (
    <Dialog
      title={`Imported: ${report.project}`}
      description={`${plural(report.flows.length, 'flow')}, ${plural(report.pages.length, 'page')}, ${plural(report.actions.length, 'Action')}. This list stands in IMPORT.md of ${dir}, with what each line of the source became.`}
      onClose={onClose}
      wide
      text
      footer={
        <Button look="primary" onClick={onClose}>
          Go to the project
        </Button>
      }
    >
      {kinds.map(({ kind, title, about }) => {
        const entries = report.entries.filter((entry) => entry.kind === kind)
        if (entries.length === 0) return null
        return (
          <section key={kind} className="imported">
            <h3>
              {title} ({entries.length})
            </h3>
            <p className="dim">{about}</p>
            <ul>
              {entries.map((entry, index) => (
                <li key={index}>
                  <span className="mono faint small-text">{placeOf(entry)}</span>
                  <p>{entry.what}</p>
                  {entry.do && <p className="dim">{entry.do}</p>}
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </Dialog>
  )
}

function placeOf(entry: ImportEntry): string {
  return [entry.file, entry.line, entry.column].filter(Boolean).join(':')
}
