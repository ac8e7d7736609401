// The flows of the project.
import { CircleAlert, Plus, Workflow } from 'lucide-react'
import { useMemo, useState } from 'react'
import { allProblems, useProblems, useStudio } from '../engine'
import { flowTab, openTab, useTabs } from '../document'
import { Button, Empty, IconButton, Tip } from '../ui'
import { NewFlowDialog } from './NewFlowDialog'
import './lists.css'

export function FlowList() {
  const flows = useStudio((state) => state.project?.flows ?? [])
  const triggers = useStudio((state) => state.catalogue?.triggers ?? [])
  const active = useTabs((state) => state.active)
  const problems = useProblems()
  const errors = useMemo(() => {
    const counts = new Map<string, number>()
    for (const problem of allProblems(problems)) {
      if (problem.flow && problem.severity === 'error') counts.set(problem.flow, (counts.get(problem.flow) ?? 0) + 1)
    }
    return counts
  }, [problems])
  const [adding, setAdding] = useState(false)
  return (
    <section className="side-list" aria-label="Flows">
      <div className="side-title">
        <h2>Flows</h2>
        <IconButton size="small" icon={Plus} label="New flow" onClick={() => setAdding(true)} />
      </div>
      {flows.length === 0 && (
        <Empty
          icon={Workflow}
          title="No flows yet"
          actions={
            <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
              New flow
            </Button>
          }
        >
          A flow is what happens when somebody signs in, registers or resets a password, drawn as blocks.
        </Empty>
      )}
      <ul>
        {flows.map((flow) => (
          <li key={flow.slug}>
            <button type="button" className="side-entry" aria-current={active === `flow:${flow.slug}` ? 'true' : undefined} onClick={() => openTab(flowTab(flow.slug))}>
              <Workflow size={14} aria-hidden />
              <span className={`grow ellipsis ${flow.enabled ? '' : 'off'}`}>{flow.name}</span>
              {flow.error ? (
                <Tip text={flow.error} side="right">
                  <CircleAlert size={13} aria-label="Cannot be read" color="var(--bad)" />
                </Tip>
              ) : errors.get(flow.slug) ? (
                <span className="count bad" aria-label={`${errors.get(flow.slug)} errors`}>
                  {errors.get(flow.slug)}
                </span>
              ) : (
                <span className="faint side-aside">{flow.enabled ? (triggers.find((t) => t.id === flow.trigger)?.id === flow.slug ? '' : flow.trigger) : 'off'}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {adding && <NewFlowDialog onClose={() => setAdding(false)} />}
    </section>
  )
}
