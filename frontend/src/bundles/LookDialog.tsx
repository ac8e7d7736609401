// A bundle from anywhere: what it is, whether a server would take it, and how it
// differs from what is drawn.
import { CircleAlert, CircleCheck, GitCompare } from 'lucide-react'
import { useState } from 'react'
import { call, useStudio, type BundleView } from '../engine'
import { attempt, bytes, Button, CopyButton, Dialog, plural, Select } from '../ui'
import { compareWithBundle } from './comparing'
import { Contracts, issueWords, Names } from './parts'

export function LookDialog({ view: first, onClose }: { view: BundleView; onClose: () => void }) {
  const [view, setView] = useState(first)
  const [key, setKey] = useState('')
  const judge = () => attempt(async () => setView(await call('bundle.verify', { path: view.path, key })))
  return (
    <Dialog title={view.refused ? 'This bundle is refused' : `Bundle ${view.name} ${view.version}`} description={view.path} onClose={onClose} wide>
      <div className="col bundle-look">
        <Says view={view} />
        <div className="row bundle-key">
          <label htmlFor="look-key">Public key that must have signed it</label>
          <input id="look-key" className="input code grow" spellCheck={false} placeholder="acme.key.pub" value={key} onChange={(event) => setKey(event.target.value)} />
          <Button disabled={key.trim() === ''} onClick={judge}>
            Judge the signature
          </Button>
        </div>
        {!view.refused && <Holds view={view} />}
        {!view.refused && <CompareRow view={view} onDone={onClose} />}
      </div>
    </Dialog>
  )
}

function Says({ view }: { view: BundleView }) {
  if (view.refused) {
    return (
      <p className="bundle-verdict bad" role="alert">
        <CircleAlert size={16} aria-hidden />
        <span>
          {view.refused.message} <span className="mono faint">{view.refused.code}</span>
          {view.refused.hint && <span> {view.refused.hint}.</span>}
        </span>
      </p>
    )
  }
  const signature = view.trusted ? 'Signed by the key that was given.' : view.signed_by ? 'Signed; give the public key to judge that.' : 'Not signed: a server refuses it unless it is told otherwise.'
  const errors = view.problems.filter((p) => p.severity === 'error')
  return (
    <>
      <p className={`bundle-verdict ${view.sound ? 'good' : 'bad'}`} role={view.sound ? 'status' : 'alert'}>
        {view.sound ? <CircleCheck size={16} aria-hidden /> : <CircleAlert size={16} aria-hidden />}
        <span>
          {view.sound ? 'Whole, and its content is sound.' : 'Whole, but a server would refuse it.'} {signature}
          {view.ours && ' It was exported here.'}
        </span>
      </p>
      {errors.length > 0 && <Names list={errors.map((p) => `${[p.flow, p.block].filter(Boolean).join(' › ') || p.file || ''}: ${p.message}`)} none="" />}
    </>
  )
}

function Holds({ view }: { view: BundleView }) {
  return (
    <>
      <dl className="facts">
        <dt>Digest</dt>
        <dd className="row">
          <code className="ellipsis">{view.digest}</code>
          <CopyButton text={view.digest} label="Copy digest" />
        </dd>
        <dt>Issue</dt>
        <dd>{issueWords(view)}</dd>
        <dt>Size</dt>
        <dd>{bytes(view.size)}</dd>
        <dt>Flows</dt>
        <dd>{view.flows.map((flow) => flow.slug).join(', ')}</dd>
        <dt>Secrets</dt>
        <dd>{view.secrets.map((secret) => secret.name).join(', ') || 'none'}</dd>
        <dt>Hosts</dt>
        <dd>{view.hosts.join(', ') || 'none'}</dd>
      </dl>
      {view.scenarios.length > 0 && (
        <details open>
          <summary>{plural(view.scenarios.length, 'smoke test')}, run here</summary>
          <Contracts list={view.scenarios.map((one) => ({ name: one.name, verdict: one.result }))} />
        </details>
      )}
      <details>
        <summary>{plural(view.contracts.length, 'contract')}, proven here</summary>
        <Contracts list={view.contracts} />
      </details>
    </>
  )
}

function CompareRow({ view, onDone }: { view: BundleView; onDone: () => void }) {
  const flows = useStudio((state) => state.project?.flows) ?? []
  const [slug, setSlug] = useState(flows[0]?.slug ?? '')
  if (flows.length === 0) return null
  return (
    <div className="row bundle-key">
      <label htmlFor="look-flow">Compare a flow with it</label>
      <Select id="look-flow" value={slug} onChange={(event) => setSlug(event.target.value)}>
        {flows.map((flow) => (
          <option key={flow.slug} value={flow.slug}>
            {flow.name}
          </option>
        ))}
      </Select>
      <Button
        look="primary"
        icon={GitCompare}
        onClick={() => {
          onDone()
          attempt(() => compareWithBundle(slug, view.path, `${view.name} ${view.version}`))
        }}
      >
        On the canvas
      </Button>
    </div>
  )
}
