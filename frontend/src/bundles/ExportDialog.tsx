// Where to write the bundle, and who signs it.
import { CircleCheck, KeyRound, PackageCheck, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { call, keepSetting, setting, useSettings, useStudio, type BundlePreview, type Exported } from '../engine'
import { attempt, Button, bytes, CopyButton, Dialog, plural } from '../ui'
import { issueWords, Verdict } from './parts'

export function ExportDialog({ bundle, onClose }: { bundle: BundlePreview; onClose: () => void }) {
  const dir = useStudio((state) => state.project?.dir ?? '')
  const dialogs = useStudio((state) => state.info?.dialogs ?? false)
  const settings = useSettings((state) => state.values)
  const file = `${slug(bundle.name)}-${bundle.version || '0'}.afb`
  const [path, setPath] = useState(() => join(setting(settings, 'export.dir', '') || join(dir, 'dist'), file))
  const [key, setKey] = useState(() => setting(settings, 'export.key', ''))
  const [revision, setRevision] = useState(() => String((bundle.last?.revision ?? 0) + 1))
  const [scope, setScope] = useState(() => setting(settings, 'export.scope', ''))
  const [days, setDays] = useState(() => setting(settings, 'export.days', ''))
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState<Exported | null>(null)

  const choose = async () => {
    const at = path.lastIndexOf(path.includes('\\') ? '\\' : '/')
    const chosen = await call('project.save_as', { title: 'Export bundle', dir: path.slice(0, Math.max(0, at)), name: path.slice(at + 1) })
    if (chosen.path !== '') setPath(chosen.path)
  }
  const newKey = () =>
    attempt(async () => {
      const made = await call('bundle.new_key', { path: key || join(dir, '..', `${slug(bundle.name)}.key`) })
      setKey(made.path)
      keepSetting('export.key', made.path)
    })
  const run = () => {
    setBusy(true)
    attempt(async () => {
      try {
        const written = await call('bundle.export', { path, key, revision: Number(revision) || 0, expires: Number(days) > 0 ? `${Number(days) * 24}h` : '', scope: scope.trim() })
        keepSetting('export.dir', path.replace(/[\\/][^\\/]*$/, ''))
        keepSetting('export.key', key)
        keepSetting('export.scope', scope.trim())
        keepSetting('export.days', days)
        setDone(written)
      } finally {
        setBusy(false)
      }
    })
  }
  if (done) return <Written done={done} onClose={onClose} />
  return (
    <Dialog
      title="Export bundle"
      description={`${bundle.name} ${bundle.version}: ${plural(bundle.flows.length, 'flow')}, ${plural(bundle.parts.length, 'file')}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" icon={PackageCheck} disabled={!bundle.exportable || path.trim() === '' || busy} onClick={run}>
            {busy ? 'Exporting…' : key ? 'Export and sign' : 'Export unsigned'}
          </Button>
        </>
      }
    >
      <div className="col" style={{ gap: 16 }}>
        <Verdict bundle={bundle} />
        <div className="field">
          <label htmlFor="export-path">File</label>
          <span className="row" style={{ gap: 6 }}>
            <input id="export-path" className="input code grow" spellCheck={false} value={path} onChange={(event) => setPath(event.target.value)} />
            {dialogs && <Button onClick={() => attempt(choose)}>Choose…</Button>}
          </span>
        </div>
        <div className="field">
          <label htmlFor="export-key">Key that signs it</label>
          <span className="row">
            <input id="export-key" className="input code" spellCheck={false} placeholder="Path of a private key; empty: unsigned" value={key} onChange={(event) => setKey(event.target.value)} />
            <Button icon={KeyRound} onClick={newKey}>
              New key
            </Button>
          </span>
          <small className="field-help">
            {key ? (
              'The public key stands beside it with .pub at its end: that one goes to the server.'
            ) : (
              <span className="row" style={{ gap: 6 }}>
                <TriangleAlert size={13} aria-hidden color="var(--warn)" />A server that trusts keys refuses an unsigned bundle.
              </span>
            )}
          </small>
        </div>
        <div className="bundle-issue">
          <label className="field">
            Revision
            <input className="input" inputMode="numeric" pattern="[0-9]*" value={revision} onChange={(event) => setRevision(event.target.value.replace(/\D/g, ''))} />
          </label>
          <label className="field">
            Expires after days
            <input className="input" inputMode="numeric" placeholder="never" value={days} onChange={(event) => setDays(event.target.value.replace(/\D/g, ''))} />
          </label>
          <label className="field">
            Environment
            <input className="input code" spellCheck={false} placeholder="any" value={scope} onChange={(event) => setScope(event.target.value)} />
          </label>
        </div>
        <small className="field-help">
          {bundle.last
            ? `The bundle before was ${issueWords(bundle.last)}. This one names it; a server takes a lower revision as a rollback alone.`
            : 'A server takes a bundle with a lower revision than the one before as a rollback alone.'}
          {bundle.secrets.length > 0 && ` A file .env with ${plural(bundle.secrets.length, 'name')} of secrets to fill in is written beside it.`}
        </small>
      </div>
    </Dialog>
  )
}

function Written({ done, onClose }: { done: Exported; onClose: () => void }) {
  return (
    <Dialog
      title="Bundle written"
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <p className="bundle-verdict good">
        <CircleCheck size={16} aria-hidden />
        <span>{done.signed_by ? `Signed by ${done.signed_by}` : 'Written without a signature'}</span>
      </p>
      <dl className="facts" style={{ paddingTop: 12 }}>
        <dt>File</dt>
        <dd className="row">
          <code>{done.path}</code>
          <CopyButton text={done.path} label="Copy path" />
        </dd>
        <dt>Digest</dt>
        <dd className="row">
          <code data-testid="export-digest">{done.digest}</code>
          <CopyButton text={done.digest} label="Copy digest" />
        </dd>
        <dt>Size</dt>
        <dd>{bytes(done.size)}</dd>
        <dt>Issue</dt>
        <dd>{issueWords(done)}</dd>
        {done.env && (
          <>
            <dt>Secrets</dt>
            <dd>
              Fill in the values in <code>{done.env}</code>, on the server.
            </dd>
          </>
        )}
        <dt>Serve it</dt>
        <dd className="row">
          <code>authflow serve {done.path}</code>
          <CopyButton text={`authflow serve ${done.path}`} label="Copy command" />
        </dd>
      </dl>
    </Dialog>
  )
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'project'
}

/** Joins paths in the style of the first part. */
function join(...parts: string[]): string {
  const mark = parts[0]?.includes('\\') ? '\\' : '/'
  const out: string[] = []
  for (const piece of parts.join(mark).split(/[\\/]/)) {
    if (piece === '..' && out.length > 1) out.pop()
    else if (piece !== '.' && (piece !== '' || out.length === 0)) out.push(piece)
  }
  return out.join(mark)
}
