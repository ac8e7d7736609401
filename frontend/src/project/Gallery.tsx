// First start: templates that run at once, and the projects one had open.
import { ArrowRight, Clock, FolderOpen, Play, Workflow } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, useStudio, type RecentProject, type Template } from '../engine'
import { ago, attempt, Button, Empty, plural } from '../ui'
import { CreateDialog } from './CreateDialog'
import { FolderDialog } from './FolderDialog'
import { openProject, pickFolder } from './open'
import './gallery.css'

export function Gallery({ onRun }: { onRun: (slug: string) => void }) {
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
                <Empty icon={Clock} title="Nothing yet">
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
        <Picture blocks={template.blocks} />
      </div>
      <h3>{template.title}</h3>
      <p className="dim">{template.summary}</p>
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

/** A sketch of a flow: more blocks, more cards. */
function Picture({ blocks }: { blocks: number }) {
  const n = Math.min(7, Math.max(3, Math.round(blocks / 3)))
  const cards = Array.from({ length: n }, (_, i) => ({ x: 8 + (i * 196) / n, y: i % 2 === 0 ? 20 : 20 + ((i * 13) % 30) + 8, fam: [0, 2, 0, 1, 5, 3, 7][i % 7] }))
  return (
    <svg viewBox="0 0 216 80" preserveAspectRatio="xMidYMid slice">
      {cards.slice(1).map((card, i) => {
        const from = cards[i]!
        const x = from.x + 20
        return <path key={i} d={`M${x},${from.y + 8}C${x + 8},${from.y + 8} ${card.x - 8},${card.y + 8} ${card.x},${card.y + 8}`} className="sketch-line" />
      })}
      {cards.map((card, i) => (
        <rect key={i} x={card.x} y={card.y} width={20} height={16} rx={4} className={`sketch-card fam-${card.fam}`} />
      ))}
    </svg>
  )
}
