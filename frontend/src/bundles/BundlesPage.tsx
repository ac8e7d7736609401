// What a server would load: its content, what keeps it from being exported, and
// the export itself.
import { Box, CircleAlert, CircleCheck, KeyRound, LockOpen, Network, PackageCheck, RotateCw, Workflow } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { call, type BundlePreview } from '../engine'
import { saveAll, saveAllFiles } from '../document'
import { attempt, bytes, Button, CopyButton, Empty, PageHead, plural } from '../ui'
import { ExportDialog } from './ExportDialog'
import './bundles.css'

/** Asks for the bundle as the project is on disk, after writing what is unsaved. */
async function preview(): Promise<BundlePreview> {
  await saveAll()
  await saveAllFiles()
  return call('bundle.preview')
}

export function BundlesPage() {
  const [bundle, setBundle] = useState<BundlePreview | null>(null)
  const [exporting, setExporting] = useState(false)
  const look = useCallback(() => attempt(async () => setBundle(await preview())), [])
  useEffect(look, [look])
  return (
    <div className="col grow">
      <PageHead title="Bundles" text="One signed file with everything a server needs. The same project gives the same bytes, so its digest names it.">
        <Button icon={RotateCw} onClick={look}>
          Look again
        </Button>
        <Button look="primary" icon={PackageCheck} disabled={!bundle?.exportable} onClick={() => setExporting(true)}>
          Export…
        </Button>
      </PageHead>
      {bundle ? <Preview bundle={bundle} /> : <Empty icon={Box} title="Putting it together…" />}
      {exporting && bundle && <ExportDialog bundle={bundle} onClose={() => setExporting(false)} />}
    </div>
  )
}

export function Preview({ bundle }: { bundle: BundlePreview }) {
  return (
    <div className="scroll grow">
      <div className="bundle">
        <section className="bundle-card">
          <dl className="facts">
            <dt>Name</dt>
            <dd>
              {bundle.name} {bundle.version}
            </dd>
            <dt>Digest</dt>
            <dd className="row">
              <code className="ellipsis">{bundle.digest || 'none yet'}</code>
              {bundle.digest && <CopyButton text={bundle.digest} label="Copy digest" />}
            </dd>
          </dl>
          <Verdict bundle={bundle} />
        </section>
        <Part icon={Workflow} title="Flows">
          <table className="table">
            <thead>
              <tr>
                <th>Flow</th>
                <th>Begins on</th>
                <th>Blocks</th>
                <th>Can be launched</th>
              </tr>
            </thead>
            <tbody>
              {bundle.flows.map((flow) => (
                <tr key={flow.slug}>
                  <td className="mono">{flow.slug}</td>
                  <td>{flow.trigger}</td>
                  <td className="num">{flow.blocks}</td>
                  <td>{flow.startable ? 'Yes' : 'Only by other flows'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Part>
        <div className="bundle-pair">
          <Part icon={KeyRound} title="Secrets the server must supply">
            <Names list={bundle.secrets} none="None. A bundle never holds a secret’s value." />
          </Part>
          <Part icon={Network} title="Hosts the flows may call">
            <Names list={bundle.hosts} none="None: no flow calls out." />
          </Part>
          <Part icon={LockOpen} title="Lifted locks">
            <Names list={bundle.unlocked.map((lock) => `${lock.flow} › ${lock.block}: ${lock.reason}`)} none="None: every required block is in place." />
          </Part>
        </div>
        <Part icon={Box} title={plural(bundle.parts.length, 'file')}>
          <table className="table">
            <tbody>
              {bundle.parts.map((part) => (
                <tr key={part.path}>
                  <td className="mono">{part.path}</td>
                  <td className="num">{bytes(part.size)}</td>
                  <td className="mono faint">{part.sha256.slice(0, 16)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Part>
      </div>
    </div>
  )
}

export function Verdict({ bundle }: { bundle: BundlePreview }) {
  const errors = bundle.problems.filter((p) => p.severity === 'error')
  if (bundle.exportable) {
    return (
      <p className="bundle-verdict good">
        <CircleCheck size={16} aria-hidden />
        <span>
          Ready to export{bundle.problems.length > 0 ? `, with ${plural(bundle.problems.length, 'warning')}` : ''}.
        </span>
      </p>
    )
  }
  return (
    <div className="bundle-verdict bad" role="alert">
      <CircleAlert size={16} aria-hidden />
      <div>
        <p>Cannot be exported while there {errors.length === 1 ? 'is an error' : `are ${errors.length} errors`}:</p>
        <ul>
          {errors.map((problem, index) => (
            <li key={index}>
              <span className="mono">{[problem.flow, problem.block].filter(Boolean).join(' › ') || problem.file}</span> {problem.message}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function Part({ icon: Icon, title, children }: { icon: typeof Box; title: string; children: React.ReactNode }) {
  return (
    <section className="bundle-part">
      <h2>
        <Icon size={14} aria-hidden />
        {title}
      </h2>
      {children}
    </section>
  )
}

function Names({ list, none }: { list: string[]; none: string }) {
  if (list.length === 0) return <p className="faint bundle-none">{none}</p>
  return (
    <ul className="bundle-names mono">
      {list.map((name) => (
        <li key={name}>{name}</li>
      ))}
    </ul>
  )
}
