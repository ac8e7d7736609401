// The tabs of open flows and files.
import { Braces, FileText, Workflow, X } from 'lucide-react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { useStudio } from '../engine'
import { closeTab, openTab, useFiles, useFlows, useTabs, type Tab } from '../document'
import { attempt } from '../ui'

export function DocumentTabs() {
  const tabs = useTabs((state) => state.tabs)
  const active = useTabs((state) => state.active)
  const key = (event: KeyboardEvent, index: number) => {
    const closing = tabs[index]
    if (event.key === 'Delete' && closing) {
      event.preventDefault()
      attempt(() => closeTab(closing.key))
      return
    }
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[(index + by + tabs.length) % tabs.length]
    if (by === 0 || !next) return
    openTab(next)
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.tab[aria-selected="true"]')?.focus())
  }
  return (
    <div className="tabs" role="tablist" aria-label="Open documents">
      {tabs.map((tab, index) => (
        <TabView key={tab.key} tab={tab} active={tab.key === active} onKeyDown={(event) => key(event, index)} />
      ))}
    </div>
  )
}

function TabView({ tab, active, onKeyDown }: { tab: Tab; active: boolean; onKeyDown: (event: KeyboardEvent) => void }) {
  const title = useStudio((state) => (tab.kind === 'flow' ? (state.project?.flows.find((flow) => flow.slug === tab.name)?.name ?? tab.name) : (tab.name.split('/').pop() ?? tab.name)))
  const live = useFlows((state) => (tab.kind === 'flow' ? state.open[tab.name]?.doc.flow.name : undefined))
  const flowSave = useFlows((state) => (tab.kind === 'flow' ? state.open[tab.name]?.save : undefined))
  const fileSave = useFiles((state) => (tab.kind === 'file' ? state.open[tab.name]?.save : undefined))
  const save = flowSave ?? fileSave ?? 'saved'
  const Icon = tab.kind === 'flow' ? Workflow : tab.name.startsWith('actions/') ? Braces : FileText
  const close = (event: MouseEvent) => {
    event.stopPropagation()
    attempt(() => closeTab(tab.key))
  }
  return (
    <div className={`tab-box ${active ? 'active' : ''}`} onAuxClick={(event) => event.button === 1 && close(event)} role="presentation">
      <button type="button" className="tab" role="tab" aria-selected={active} tabIndex={active ? 0 : -1} title={tab.name} onClick={() => openTab(tab)} onKeyDown={onKeyDown}>
        <Icon size={13} aria-hidden />
        <span className="ellipsis">{live ?? title}</span>
        {(save === 'conflict' || save === 'failed') && <span className="tab-mark bad" role="img" aria-label="Not saved" />}
      </button>
      <span className="tab-close" aria-hidden title={`Close ${live ?? title}`} onClick={close}>
        <X size={12} />
      </span>
    </div>
  )
}
