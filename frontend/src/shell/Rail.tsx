// The rail on the left: which part of the project one works on.
import { Box, Braces, CircleCheckBig, FileText, MonitorSmartphone, RadioTower, ScrollText, UsersRound, Workflow, type LucideIcon } from 'lucide-react'
import { useContracts, useLeftovers, useProvider, useTests } from '../engine'
import { openTab, useTabs } from '../document'
import { sectionOf, useLayout, type Section } from './layout'

const entries: { id: Section; title: string; icon: LucideIcon }[] = [
  { id: 'flows', title: 'Flows', icon: Workflow },
  { id: 'actions', title: 'Actions', icon: Braces },
  { id: 'pages', title: 'Pages', icon: FileText },
  { id: 'users', title: 'Users', icon: UsersRound },
  { id: 'sessions', title: 'Sessions', icon: MonitorSmartphone },
  { id: 'provider', title: 'Provider', icon: RadioTower },
  { id: 'tests', title: 'Tests', icon: CircleCheckBig },
  { id: 'contracts', title: 'Contracts', icon: ScrollText },
  { id: 'bundles', title: 'Bundles', icon: Box },
]

export function Rail() {
  const section = useLayout((state) => state.section)
  const sideOpen = useLayout((state) => state.sideOpen)
  const sessions = useLeftovers((state) => state.sessions.length)
  const failed = useTests((state) => Object.values(state.results).filter((r) => !r.passed && !r.skipped).length)
  const refuted = useContracts((state) => Object.values(state.results).filter((r) => r.verdict === 'refuted').length)
  const faults = useProvider((state) => Object.keys(state.faults).length)
  const go = (id: Section) => {
    const again = section === id && (id === 'flows' || id === 'actions' || id === 'pages')
    useLayout.setState({ section: id, sideOpen: again ? !sideOpen : true })
    bringForward(id)
  }
  return (
    <nav className="rail" aria-label="Parts of the project">
      {entries.map(({ id, title, icon: Icon }) => (
        <button key={id} type="button" aria-current={section === id ? 'page' : undefined} onClick={() => go(id)}>
          <Icon size={18} aria-hidden />
          <span>{title}</span>
          {id === 'sessions' && sessions > 0 && (
            <span className="count accent" aria-label={`${sessions} live`}>
              {sessions}
            </span>
          )}
          {id === 'tests' && failed > 0 && (
            <span className="count bad" aria-label={`${failed} failed`}>
              {failed}
            </span>
          )}
          {id === 'contracts' && refuted > 0 && (
            <span className="count bad" aria-label={`${refuted} refuted`}>
              {refuted}
            </span>
          )}
          {id === 'provider' && faults > 0 && (
            <span className="count warn" aria-label={`${faults} ordered`}>
              {faults}
            </span>
          )}
        </button>
      ))}
    </nav>
  )
}

/** A document of that part comes to the front, if one is open. */
function bringForward(section: Section): void {
  const { tabs, active } = useTabs.getState()
  const front = tabs.find((tab) => tab.key === active)
  if (front && sectionOf(front) === section) return
  const last = tabs.filter((tab) => sectionOf(tab) === section).at(-1)
  if (last) openTab(last)
}
