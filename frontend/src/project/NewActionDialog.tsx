// A new Action: empty, or one that is ready-made. What must count between calls
// is a small flow, and opens as one.
import { SquareFunction, Workflow } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, useStudio, type ReadyMade } from '../engine'
import { acceptFile, acceptFlow, fileTab, flowTab, openTab } from '../document'
import { attempt, FormDialog } from '../ui'
import { fileProblem, freeName, pathOf, slugProblem } from './names'
import './lists.css'

const languages = [
  ['.ts', 'TypeScript'],
  ['.js', 'JavaScript'],
] as const

const noFlows: { slug: string }[] = []

export function NewActionDialog({ taken, onClose }: { taken: string[]; onClose: () => void }) {
  const flows = useStudio((state) => state.project?.flows ?? noFlows)
  const [all, setAll] = useState<ReadyMade[]>([])
  const [from, setFrom] = useState<ReadyMade | null>(null)
  const [name, setName] = useState('')
  const [language, setLanguage] = useState<string>('.ts')
  useEffect(() => attempt(async () => setAll(await call('actions.ready'))), [])

  const isFlow = from?.kind === 'flow'
  const slugs = flows.map((flow) => flow.slug)
  const path = isFlow ? (name.trim() === '' ? '' : `flows/${name.trim()}.json`) : pathOf('actions/', name, from ? '.ts' : language)
  const problem = isFlow ? slugProblem(name.trim(), slugs) : fileProblem(path, taken)
  const ready = path !== '' && problem === null

  const choose = (next: ReadyMade | null) => {
    // A name that the person has typed stays theirs.
    const mine = name !== '' && !all.some((one) => name.startsWith(one.name))
    setFrom(next)
    if (mine) return
    setName(next === null ? '' : freeName(next.name, (n) => (next.kind === 'flow' ? slugs.includes(n) : taken.includes(`actions/${n}.ts`))))
  }
  const create = () =>
    attempt(async () => {
      if (from === null) {
        acceptFile(await call('file.create', { path }))
        openTab(fileTab(path))
      } else {
        const added = await call('actions.add', { ready: from.name, name: isFlow ? name.trim() : path.slice('actions/'.length) })
        if (added.flow) {
          acceptFlow(added.flow)
          openTab(flowTab(added.flow.slug))
        }
        if (added.file) {
          acceptFile(added.file)
          openTab(fileTab(added.file.path))
        }
      }
      onClose()
    })
  return (
    <FormDialog
      title="New Action"
      wide
      onClose={onClose}
      action="Create"
      ready={ready}
      onDone={create}
    >
      <div className="new-action">
        <div className="field new-action-name">
          <label htmlFor="new-file-name">Name</label>
          <input id="new-file-name" className="input code" autoFocus spellCheck={false} value={name} placeholder="tag_account" onChange={(event) => setName(event.target.value)} />
          <small className={problem ? 'field-error' : 'field-help'}>{problem ?? (path || `actions/…${language}`)}</small>
        </div>
        <fieldset className="ready-list scroll">
          <legend className="sr-only">Begin with</legend>
          <Choice title="Empty" chosen={from === null} onChoose={() => choose(null)} />
          {all.map((one) => (
            <Choice key={one.name} title={one.title} flow={one.kind === 'flow'} chosen={from?.name === one.name} onChoose={() => choose(one)} />
          ))}
        </fieldset>
        <div className="col" style={{ gap: 14 }}>
          {from === null ? <EmptyAction language={language} onLanguage={setLanguage} /> : <About ready={from} />}
        </div>
      </div>
    </FormDialog>
  )
}

function Choice({ title, flow, chosen, onChoose }: { title: string; flow?: boolean; chosen: boolean; onChoose: () => void }) {
  const Icon = flow ? Workflow : SquareFunction
  return (
    <label className="ready-choice">
      <input type="radio" name="ready" checked={chosen} onChange={onChoose} />
      <Icon size={14} aria-hidden />
      <span className="grow">{title}</span>
      {flow && <span className="badge">flow</span>}
    </label>
  )
}

function EmptyAction({ language, onLanguage }: { language: string; onLanguage: (ending: string) => void }) {
  return (
    <>
      <fieldset className="new-language">
        <legend>Language</legend>
        {languages.map(([ending, title]) => (
          <label key={ending}>
            <input type="radio" name="language" value={ending} checked={language === ending} onChange={() => onLanguage(ending)} />
            {title}
          </label>
        ))}
      </fieldset>
      <small className="field-help">
        It begins with a header that names its settings and outcomes. A name such as <code>lib/mail</code> makes a module, which Actions import.
      </small>
    </>
  )
}

function About({ ready }: { ready: ReadyMade }) {
  return (
    <div className="ready-about" aria-live="polite">
      <p>{ready.summary}</p>
      {ready.kind === 'flow' && <p className="dim">A flow, because nothing survives an Action’s call: counting is what a block does. It is yours to change.</p>}
      <Terms title="Settings" rows={(ready.config ?? []).map((c) => [c.name, c.help])} />
      <Terms title="Outcomes besides next" rows={(ready.ports ?? []).map((p) => [p.name, p.help])} />
      <Terms title="Outputs" rows={(ready.outputs ?? []).map((o) => [o.name, o.help])} />
    </div>
  )
}

function Terms({ title, rows }: { title: string; rows: [string, string | undefined][] }) {
  if (rows.length === 0) return null
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {rows.map(([name, help]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd className="dim">{help}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
