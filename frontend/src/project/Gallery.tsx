// First start: templates that run at once, and the projects one had open.
import { ArrowRight, Check, Clock, FileInput, FolderOpen, Play, Workflow } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, useStudio, type Preview, type RecentProject, type Template } from '../engine'
import { ago, attempt, Button, Empty, plural } from '../ui'
import { CreateDialog } from './CreateDialog'
import { FolderDialog } from './FolderDialog'
import { openProject, pickFolder } from './open'
import './gallery.css'

export function Gallery({ onRun, onImport }: { onRun: (slug: string) => void; onImport: () => void }) {
  const [templates, setTemplates] = useState<Template[] | null>(null)
  const [recent, setRecent] = useState<RecentProject[]>([])
  const [creating, setCreating] = useState<Template | null>(null)
  const [browsing, setBrowsing] = useState(false)
  const mode = useStudio((state) => state.info?.mode)
  const version = useStudio((state) => state.info?.version)

  useEffect(() => {
    attempt(async () => {
      const [list, last] = await Promise.all([call('templates.list'), call('project.recent')])
      setTemplates(list)
      setRecent(last)
    })
  }, [])

  const open = () =>
    mode === 'window'
      ? attempt(async () => {
          const dir = await pickFolder('Open a project')
          if (dir) await openProject(dir)
        })
      : setBrowsing(true)
  return (
    <main className="gallery scroll">
      <div className="gallery-inner">
        <header className="gallery-head">
          <img src="/icon.svg" width={44} height={44} alt="" />
          <div className="grow">
            <h1>Authflow Studio</h1>
            <p className="dim">Draw a sign-in flow, run it, step through it, ship it.</p>
          </div>
          <Button size="large" icon={FileInput} onClick={onImport}>
            Import from Agama…
          </Button>
          <Button size="large" icon={FolderOpen} onClick={open}>
            Open a folder…
          </Button>
        </header>
        <div className="gallery-columns">
          <section aria-labelledby="templates-title">
            <h2 id="templates-title">Start with a flow that works</h2>
            <ul className="templates">
              {(templates ?? []).map((template) => (
                <TemplateCard key={template.name} template={template} onCreate={() => setCreating(template)} />
              ))}
            </ul>
          </section>
          <section aria-labelledby="recent-title">
            <h2 id="recent-title">Recent</h2>
            {recent.length === 0 ? (
              <div className="recent-none">
                <Empty
                  icon={Clock}
                  title="Nothing yet"
                  actions={
                    <Button icon={FolderOpen} onClick={open}>
                      Open a folder…
                    </Button>
                  }
                >
                  Projects you open are listed here. A project is a plain folder: keep it in version control.
                </Empty>
              </div>
            ) : (
              <ul className="recent">
                {recent.map((project) => (
                  <li key={project.dir}>
                    <button type="button" disabled={!project.exists} onClick={() => attempt(() => openProject(project.dir))}>
                      <span className="row">
                        <strong className="grow ellipsis">{project.name}</strong>
                        <span className="faint">{project.exists ? ago(project.opened_at) : 'gone'}</span>
                      </span>
                      <span className="recent-dir mono ellipsis">{project.dir}</span>
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
        <footer className="faint">Version {version}. Everything stays on this machine.</footer>
      </div>
      {creating && <CreateDialog template={creating} onClose={() => setCreating(null)} onRun={onRun} />}
      {browsing && (
        <FolderDialog
          title="Open a project"
          action="Open"
          needsProject
          onClose={() => setBrowsing(false)}
          onChoose={(dir) => {
            setBrowsing(false)
            attempt(() => openProject(dir))
          }}
        />
      )}
    </main>
  )
}

function TemplateCard({ template, onCreate }: { template: Template; onCreate: () => void }) {
  return (
    <li className="template">
      <div className="template-picture" aria-hidden>
        <Picture preview={template.preview} />
      </div>
      <h3>{template.title}</h3>
      <p className="dim">{template.summary}</p>
      <ul className="template-shows">
        {template.shows.map((what) => (
          <li key={what}>
            <Check size={13} aria-hidden />
            {what}
          </li>
        ))}
      </ul>
      <p className="faint template-facts">
        <Workflow size={12} aria-hidden />
        {plural(template.flows.length, 'flow')}, {plural(template.blocks, 'block')}
      </p>
      <Button look="primary" icon={Play} onClick={onCreate} aria-label={`Create and run ${template.title}`}>
        Create &amp; run
        <ArrowRight size={14} aria-hidden />
      </Button>
    </li>
  )
}

/** The template's main flow, small: its cards where the canvas has them. */
function Picture({ preview }: { preview: Preview }) {
  const families = useStudio((state) => state.catalogue?.families ?? [])
  const margin = 40
  return (
    <svg viewBox={`${-margin} 0 ${preview.width + 2 * margin} ${preview.height}`} preserveAspectRatio="xMidYMin meet">
      {preview.lanes.map((x) => (
        <line key={x} x1={x} x2={x} y1={0} y2={preview.height} className="sketch-lane" />
      ))}
      {preview.edges.map(([from, to], i) => (
        <path key={i} d={edge(preview.cards[from]!, preview.cards[to]!)} className="sketch-line" />
      ))}
      {preview.cards.map((card, i) => (
        <rect key={i} x={card.x} y={card.y} width={cardWidth} height={card.height} rx={16} className={`sketch-card fam-${Math.max(0, families.findIndex((f) => f.id === card.family))}`} />
      ))}
    </svg>
  )
}

const cardWidth = 224

/** From the side of one card to the head of another; straight down where that is short. */
function edge(from: Preview['cards'][number], to: Preview['cards'][number]): string {
  if (to.x === from.x && to.y > from.y) return `M${from.x + cardWidth / 2},${from.y + from.height}L${to.x + cardWidth / 2},${to.y}`
  const [x, y, tx, ty] = [from.x + cardWidth, from.y + from.height / 2, to.x, to.y + 24]
  const bend = Math.max(60, Math.abs(tx - x) / 2)
  return `M${x},${y}C${x + bend},${y} ${tx - bend},${ty} ${tx},${ty}`
}
