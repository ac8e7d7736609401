// The page that the running flow serves, beside the graph: address, world,
// people, and the page.
import { ArrowLeft, Compass, ExternalLink, Globe, MoreHorizontal, PanelBottom, PanelRight, Play, Plug, RotateCw, X } from 'lucide-react'
import { useCallback, useRef, useState } from 'react'
import { call, useBrowsing } from '../engine'
import { runCommand } from '../commands'
import { attempt, Button, copyText, Empty, IconButton, Menu, notify } from '../ui'
import { ClientDialog } from './ClientDialog'
import { Held } from './Held'
import { PageFrame, type PageFrameHandle } from './PageFrame'
import { People } from './People'
import { WorldSettings } from './WorldSettings'
import './browser.css'

interface BrowserPanelProps {
  dock: 'right' | 'bottom'
  onDock: (dock: 'right' | 'bottom') => void
  onClose: () => void
}

export function BrowserPanel({ dock, onDock, onClose }: BrowserPanelProps) {
  const view = useBrowsing((state) => state.view)
  const harness = useBrowsing((state) => state.harness)
  const [sending, setSending] = useState(false)
  const [world, setWorld] = useState(false)
  const [client, setClient] = useState(false)
  const frame = useRef<PageFrameHandle>(null)
  const onSending = useCallback((now: boolean) => setSending(now), [])
  const here = view !== null && view.url !== ''
  const copyUrl = () =>
    attempt(async () => {
      await copyText(harness?.demo_url ?? view?.url ?? '')
      notify.good('The address is on the clipboard', 'Paste it into your own browser: the sign-in there shows up here as a run.')
    })
  return (
    <section className="browser col" aria-label="Browser">
      <div className="browser-bar">
        <IconButton icon={ArrowLeft} label="Back" disabled={!view?.can_go_back} onClick={() => attempt(() => call('browser.back'))} />
        <IconButton icon={RotateCw} label="Reload the page" disabled={!here} onClick={() => attempt(() => call('browser.reload'))} />
        <Address url={view?.url ?? ''} status={view?.status ?? 0} />
        <IconButton icon={Compass} label="Who, where, when: the world of this browser" aria-pressed={world} onClick={() => setWorld(!world)} />
        <Menu
          align="end"
          trigger={<IconButton icon={MoreHorizontal} label="More" />}
          entries={[
            { kind: 'item', label: 'Copy the address for my own browser', icon: ExternalLink, disabled: !harness, run: copyUrl },
            { kind: 'item', label: 'Use my app as the client…', icon: Plug, disabled: !harness, run: () => setClient(true) },
            { kind: 'line' },
            dock === 'right'
              ? { kind: 'item', label: 'Move to the bottom', icon: PanelBottom, run: () => onDock('bottom') }
              : { kind: 'item', label: 'Move beside the canvas', icon: PanelRight, run: () => onDock('right') },
          ]}
        />
        {dock === 'right' && <IconButton icon={X} label="Close the browser" onClick={onClose} />}
      </div>
      <div className={`browser-progress ${sending || view?.loading ? 'on' : ''}`} role="status">
        {(sending || view?.loading) && <span className="sr-only">Loading</span>}
      </div>
      {world && <WorldSettings />}
      <People onFill={(identifier, password) => frame.current?.fillIn(identifier, password) || notify.info('This page has no field for that.')} active={here} />
      {view?.error && (
        <div className="banner bad" role="alert">
          <span className="grow">{view.error}</span>
          <Button size="small" onClick={() => attempt(() => call('browser.reload'))}>
            Try again
          </Button>
        </div>
      )}
      {here ? (
        <div className="page-place">
          <PageFrame view={view} ref={frame} onSending={onSending} />
          {view.loading && <Held run={view.run} />}
        </div>
      ) : (
        <Empty
          icon={Globe}
          title="No page yet"
          actions={
            <Button look="primary" icon={Play} onClick={() => runCommand('run.start')}>
              Run
            </Button>
          }
        >
          Run a flow to sign in through it here, as a person would, with the country, device and clock you choose.
        </Empty>
      )}
      {client && harness && <ClientDialog harness={harness} onClose={() => setClient(false)} />}
    </section>
  )
}

function Address({ url, status }: { url: string; status: number }) {
  const [draft, setDraft] = useState<string | null>(null)
  return (
    <span className="address grow">
      <input
        className="input"
        aria-label="Address"
        spellCheck={false}
        autoComplete="off"
        placeholder="The address of the page"
        value={draft ?? url}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => setDraft(null)}
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setDraft(null)
          if (event.key !== 'Enter' || !draft) return
          const target = draft
          event.currentTarget.blur()
          attempt(() => call('browser.open', { url: target }))
        }}
      />
      {status >= 400 && <span className="badge bad num">{status}</span>}
    </span>
  )
}
