// The pages of the project.
import { CircleDot, CircleDotDashed, FileText, Plus } from 'lucide-react'
import { useState, type MouseEvent } from 'react'
import { editStop, stopAt, stopLook, stopWords, toggleStop, useRuns, useStudio, type Draft } from '../engine'
import { fileTab, openTab, useTabs } from '../document'
import { attempt, Button, Empty, IconButton, openMenuAt } from '../ui'
import { NewFileDialog } from './NewFileDialog'
import './lists.css'

const FOLDER = 'pages/'

function shortName(path: string): string {
  return path.startsWith(FOLDER) ? path.slice(FOLDER.length) : path
}

/** The menu of a page: a breakpoint for when it is shown. */
function openPageMenu(event: MouseEvent<HTMLElement>, page: string): void {
  event.preventDefault()
  const box = event.currentTarget.getBoundingClientRect()
  const at = event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : { x: box.left + 12, y: box.bottom }
  const place: Draft = { kind: 'page', page }
  const set = stopAt(useRuns.getState(), place) !== undefined
  openMenuAt(at, [
    { kind: 'item', label: set ? 'No longer break when it is shown' : 'Break when this page is shown', icon: CircleDot, run: () => attempt(() => toggleStop(place)) },
    { kind: 'item', label: 'Condition or message…', icon: CircleDotDashed, run: () => editStop(place) },
  ])
}

function PageStop({ page }: { page: string }) {
  const stop = useRuns((state) => stopAt(state, { kind: 'page', page }))
  return stop && <span className={`stop-mark ${stopLook(stop)}`} role="img" aria-label={stopWords(stop)} title={stopWords(stop)} />
}

export function PageList() {
  const files = useStudio((state) => state.project?.pages) ?? []
  const active = useTabs((state) => state.active)
  const [adding, setAdding] = useState(false)
  return (
    <section className="side-list" aria-label="Pages">
      <div className="side-title">
        <h2>Pages</h2>
        <IconButton size="small" icon={Plus} label="New page" onClick={() => setAdding(true)} />
      </div>
      {files.length === 0 ? (
        <Empty
          icon={FileText}
          title="No pages yet"
          actions={
            <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
              New page
            </Button>
          }
        >
          A page is an HTML template of your own, shown in place of the one that a block brings along.
        </Empty>
      ) : (
        <ul>
          {files.map((file) => (
            <li key={file.path}>
              <button type="button" className="side-entry" aria-current={active === `file:${file.path}` ? 'true' : undefined} onClick={() => openTab(fileTab(file.path))} onContextMenu={(event) => openPageMenu(event, shortName(file.path))}>
                <FileText size={14} aria-hidden />
                <span className="grow ellipsis">{shortName(file.path)}</span>
                <PageStop page={shortName(file.path)} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {adding && <NewFileDialog taken={files.map((file) => file.path)} onClose={() => setAdding(false)} />}
    </section>
  )
}
