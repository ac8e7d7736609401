// The panel below: problems, debugging, and what runs leave behind.
import { Bug, ChevronDown, ChevronUp, ArrowLeftRight, CircleAlert, GitCompare, Globe, History, Inbox, KeyRound, ListTree, ScrollText, type LucideIcon } from 'lucide-react'
import { useMemo, type KeyboardEvent } from 'react'
import { allProblems, useCalls, useLeftovers, useProblems, useRuns, viewedRun } from '../engine'
import { Boundary, IconButton } from '../ui'
import { AuditPanel } from '../audit'
import { BrowserPanel } from '../browser'
import { ComparePanel } from '../compare'
import { DebugPanel } from '../debug'
import { HttpPanel } from '../http'
import { OutlinePanel } from '../outline'
import { OutboxPanel } from '../outbox'
import { ProblemsPanel } from '../problems'
import { TimelinePanel } from '../timeline'
import { TokensPanel } from '../tokens'
import { dockBrowser, hideBrowser, showBrowser, togglePanel, useLayout, type PanelTab } from './layout'

const tabs: { id: PanelTab; title: string; icon: LucideIcon }[] = [
  { id: 'problems', title: 'Problems', icon: CircleAlert },
  { id: 'debug', title: 'Debug', icon: Bug },
  { id: 'timeline', title: 'Timeline', icon: History },
  { id: 'outbox', title: 'Outbox', icon: Inbox },
  { id: 'http', title: 'HTTP', icon: ArrowLeftRight },
  { id: 'tokens', title: 'Tokens', icon: KeyRound },
  { id: 'audit', title: 'Audit', icon: ScrollText },
  { id: 'compare', title: 'Compare', icon: GitCompare },
  { id: 'outline', title: 'Outline', icon: ListTree },
  { id: 'browser', title: 'Browser', icon: Globe },
]

export function BottomPanel() {
  const { panel, panelOpen, browserDock, browserOpen } = useLayout()
  const shown = panelOpen ? panel : null
  const selected = (id: PanelTab) => (id === 'browser' && browserDock === 'right' ? browserOpen : shown === id)
  const key = (event: KeyboardEvent<HTMLButtonElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    const all = [...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('button[data-panel]') ?? [])]
    all[(all.indexOf(event.currentTarget) + by + all.length) % all.length]?.focus()
  }
  return (
    <section className="bottom col" aria-label="Panel" data-region="panel">
      <div className="bottom-tabs">
        <div className="row" role="toolbar" aria-label="Panels" style={{ gap: 2 }}>
          {tabs.map(({ id, title, icon: Icon }) => (
            <button key={id} type="button" data-panel={id} className="pill" aria-pressed={selected(id)} onClick={() => togglePanel(id)} onKeyDown={key}>
              <Icon size={13} aria-hidden />
              {title}
              <TabCount id={id} />
            </button>
          ))}
        </div>
        <span className="grow" />
        <IconButton
          size="small"
          icon={panelOpen ? ChevronDown : ChevronUp}
          label={panelOpen ? 'Fold the panel' : 'Unfold the panel'}
          command="view.panel"
          onClick={() => useLayout.setState({ panelOpen: !panelOpen })}
        />
      </div>
      {panelOpen && (
        <div className="bottom-body col grow">
          <Boundary key={panel} name="This panel">
          {panel === 'problems' && <ProblemsPanel />}
          {panel === 'debug' && <DebugPanel />}
          {panel === 'timeline' && <TimelinePanel />}
          {panel === 'outbox' && <OutboxPanel onOpenBrowser={showBrowser} />}
          {panel === 'http' && <HttpPanel />}
          {panel === 'tokens' && <TokensPanel />}
          {panel === 'audit' && <AuditPanel />}
          {panel === 'compare' && <ComparePanel />}
          {panel === 'outline' && <OutlinePanel />}
          {panel === 'browser' && <BrowserPanel dock="bottom" onDock={dockBrowser} onClose={hideBrowser} />}
          </Boundary>
        </div>
      )}
    </section>
  )
}

function TabCount({ id }: { id: PanelTab }) {
  const problems = useProblems()
  const counts = useMemo(() => {
    const all = allProblems(problems)
    return { all: all.length, errors: all.filter((p) => p.severity === 'error').length, warnings: all.filter((p) => p.severity === 'warning').length }
  }, [problems])
  const outbox = useLeftovers((state) => state.outbox.length)
  const calls = useCalls((state) => state.calls.length)
  const paused = useRuns((state) => viewedRun(state)?.status === 'paused')
  if (id === 'problems' && counts.all > 0) return <span className={`count ${counts.errors ? 'bad' : counts.warnings ? 'warn' : ''}`}>{counts.all}</span>
  if (id === 'http' && calls > 0) return <span className="count">{calls}</span>
  if (id === 'outbox' && outbox > 0) return <span className="count">{outbox}</span>
  if (id === 'debug' && paused) return <span className="count warn">paused</span>
  return null
}
