// All problems at once: what is wrong, why it matters, where, and a fix.
import { CircleCheck, Wrench } from 'lucide-react'
import { useMemo } from 'react'
import { allProblems, useProblems, useStudio } from '../engine'
import { Button, Empty, plural, Select } from '../ui'
import { activeFlow, useTabs } from '../document'
import { runCommand } from '../commands'
import { fixesOf } from './fixing'
import { ProblemRow, SuppressedRow } from './ProblemRow'
import { grouped, keyOfProblem, severityNames, suppressedIn, toggleSeverity, useView, type Grouping, type Severity } from './view'
import './problems.css'

export function ProblemsPanel() {
  const state = useProblems()
  const view = useView()
  const flows = useStudio((now) => now.project?.flows)
  const problems = useMemo(() => allProblems(state), [state])
  const groups = useMemo(() => grouped(problems, view, (slug) => flows?.find((flow) => flow.slug === slug)?.name ?? slug), [problems, view, flows])
  const letBe = view.suppressed ? suppressedIn(state.suppressed, view) : []
  if (problems.length === 0 && state.suppressed.length === 0) {
    return (
      <Empty icon={CircleCheck} title="No problems">
        Every change is checked as you make it. What would refuse an export, or surprise a person signing in, is listed here.
      </Empty>
    )
  }
  return (
    <div className="col grow">
      <Bar />
      <div className="scroll grow problem-groups" tabIndex={0} role="region" aria-label="Problems">
        {groups.map((group) => (
          <section key={group.key} aria-label={group.title}>
            <h3 className="problem-group">
              {group.title} <span className="num">{group.problems.length}</span>
            </h3>
            <ul className="problems">
              {group.problems.map((problem, index) => (
                <ProblemRow key={`${keyOfProblem(problem)}/${index}`} problem={problem} />
              ))}
            </ul>
          </section>
        ))}
        {letBe.length > 0 && (
          <section aria-label="Suppressed">
            <h3 className="problem-group">
              Suppressed <span className="num">{letBe.length}</span>
            </h3>
            <ul className="problems">
              {letBe.map((finding) => (
                <SuppressedRow key={keyOfProblem(finding)} finding={finding} />
              ))}
            </ul>
          </section>
        )}
        {groups.length + letBe.length === 0 && <p className="faint problem-none">{problems.length === 0 ? 'No problems, besides what is suppressed.' : 'Nothing of what is chosen above.'}</p>}
      </div>
    </div>
  )
}

function Bar() {
  const state = useProblems()
  const view = useView()
  const flows = useStudio((now) => now.project?.flows)
  const front = useTabs(activeFlow)
  const all = allProblems(state)
  const fixes = front === null ? 0 : fixesOf(all, front).length
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
  const inFlow = new Map<string, number>()
  for (const problem of all) {
    counts[problem.severity]++
    inFlow.set(problem.flow ?? '/', (inFlow.get(problem.flow ?? '/') ?? 0) + 1)
  }
  return (
    <div className="panel-bar" role="toolbar" aria-label="Filter problems">
      {(Object.keys(severityNames) as Severity[]).map((severity) => (
        <Button key={severity} size="small" look="ghost" aria-pressed={!view.hidden.has(severity)} onClick={() => toggleSeverity(severity)}>
          {severityNames[severity]} <span className="num">{counts[severity]}</span>
        </Button>
      ))}
      {state.suppressed.length > 0 && (
        <Button size="small" look="ghost" aria-pressed={view.suppressed} onClick={() => useView.setState({ suppressed: !view.suppressed })}>
          Suppressed <span className="num">{state.suppressed.length}</span>
        </Button>
      )}
      <span className="grow" />
      {fixes > 0 && (
        <Button size="small" icon={Wrench} onClick={() => runCommand('problems.fixFlow')}>
          {plural(fixes, 'safe fix', 'safe fixes')} in this flow
        </Button>
      )}
      <Select aria-label="Flow" className="small" value={view.flow} onChange={(event) => useView.setState({ flow: event.target.value })}>
        <option value="">All flows</option>
        {flows?.map((flow) => (
          <option key={flow.slug} value={flow.slug}>
            {flow.name} ({inFlow.get(flow.slug) ?? 0})
          </option>
        ))}
        <option value="/">Beside the flows ({inFlow.get('/') ?? 0})</option>
      </Select>
      <Select aria-label="Group by" className="small" value={view.grouping} onChange={(event) => useView.setState({ grouping: event.target.value as Grouping })}>
        <option value="severity">By severity</option>
        <option value="flow">By flow</option>
        <option value="code">By check</option>
      </Select>
    </div>
  )
}
