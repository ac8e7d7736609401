// What a server would load: its content, what keeps it from being exported, what has
// changed since the last one, the export itself, and bundles from anywhere.
import { Box, PackageCheck, PackageSearch, RotateCw } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { call, EngineError, type BundlePreview, type BundleView, type Release } from '../engine'
import { saveAll, saveAllFiles } from '../document'
import { attempt, Button, Empty, PageHead } from '../ui'
import { ExportDialog } from './ExportDialog'
import { History } from './History'
import { LookDialog } from './LookDialog'
import { Preview } from './Preview'
import { Since } from './Since'
import './bundles.css'

/** Asks for the bundle as the project is on disk, after writing what is unsaved. */
async function preview(): Promise<BundlePreview> {
  await saveAll()
  await saveAllFiles()
  return call('bundle.preview')
}

export function BundlesPage() {
  const [bundle, setBundle] = useState<BundlePreview | null>(null)
  const [history, setHistory] = useState<Release[]>([])
  const [exporting, setExporting] = useState(false)
  const [view, setView] = useState<BundleView | null>(null)
  const look = useCallback(
    () =>
      attempt(async () => {
        setBundle(await preview())
        setHistory(await call('bundle.history'))
      }),
    [],
  )
  useEffect(look, [look])
  const lookAt = (what: { path: string } | File) => attempt(async () => setView(what instanceof File ? await lookAtFile(what) : await call('bundle.verify', what)))
  const close = () => {
    setExporting(false)
    look()
  }
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
      {bundle ? (
        <div className="scroll grow" tabIndex={0} role="region" aria-label="The bundle">
          <div className="bundle">
            <Since bundle={bundle} />
            <Preview bundle={bundle} />
            <FileField onFile={lookAt} />
            <History list={history} onLook={(path) => lookAt({ path })} />
          </div>
        </div>
      ) : (
        <Empty icon={Box} title="Putting it together…" />
      )}
      {exporting && bundle && <ExportDialog bundle={bundle} onClose={close} />}
      {view && <LookDialog key={view.path + view.digest} view={view} onClose={() => setView(null)} />}
    </div>
  )
}

/** Larger ones do not travel in one message: the program reads them from their path. */
const MAX_DROPPED = 10 << 20

async function lookAtFile(file: File): Promise<BundleView> {
  if (file.size > MAX_DROPPED) throw new EngineError({ code: 'too_large', message: `${file.name} is larger than can be looked at here.`, hint: `Use authflow verify ${file.name}.` })
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return call('bundle.verify', { name: file.name, data: btoa(text) })
}

/** A field for files: it takes one that is chosen, and one that is dropped on it. */
function FileField({ onFile }: { onFile: (file: File) => void }) {
  return (
    <label className="bundle-file">
      <PackageSearch size={14} aria-hidden />
      Verify a bundle: choose its file, or drop it here
      <input
        type="file"
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) onFile(file)
        }}
      />
    </label>
  )
}
