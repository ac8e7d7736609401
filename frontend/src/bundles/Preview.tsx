// What a bundle of the project would hold.
import { Box, EyeOff, FileText, FlaskConical, KeyRound, LockOpen, Network, ScrollText, SquareFunction, Workflow } from 'lucide-react'
import type { BundlePreview } from '../engine'
import { bytes, CopyButton, plural } from '../ui'
import { Contracts, Names, Part, Verdict } from './parts'

export function Preview({ bundle }: { bundle: BundlePreview }) {
  const below = (folder: string) => bundle.parts.filter((part) => part.path.startsWith(folder)).map((part) => part.path.slice(folder.length))
  return (
    <>
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
      <Part icon={ScrollText} title="Contracts">
        <Contracts list={bundle.contracts} />
      </Part>
      <div className="bundle-pair">
        <Part icon={KeyRound} title="Secrets the server must supply">
          <Names list={bundle.secrets.map((secret) => `${secret.name}${secret.purpose ? `  ${secret.purpose}` : ''}`)} none="None. A bundle never holds a secret’s value." />
        </Part>
        <Part icon={Network} title="Hosts the flows may call">
          <Names list={bundle.hosts} none="None: no flow calls out." />
        </Part>
        <Part icon={LockOpen} title="Lifted locks">
          <Names list={bundle.unlocked.map((lock) => `${lock.flow} › ${lock.block}: ${lock.reason}`)} none="None: every required block is in place." />
        </Part>
        <Part icon={EyeOff} title="Suppressed findings">
          <Names list={bundle.suppressed.map((one) => `${one.code}${one.flow ? ` at ${[one.flow, one.block].filter(Boolean).join(' › ')}` : ''}: ${one.reason}`)} none="None: every finding is reported." />
        </Part>
        <Part icon={SquareFunction} title="Actions">
          <Names list={below('actions/')} none="None: no flow runs JavaScript." />
        </Part>
        <Part icon={FlaskConical} title="Smoke tests">
          <Names list={below('smoke/')} none="None: a server takes it without having tried it." />
        </Part>
        <Part icon={FileText} title="Pages">
          <Names list={below('pages/')} none="None of its own: the pages are the built-in ones." />
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
    </>
  )
}
