// All problems at once: what is wrong, why it matters, where, and a fix.
import { CircleAlert, CircleCheck, Info, TriangleAlert, Wrench } from 'lucide-react'
import { useMemo, useState } from 'react'
import { allProblems, useProblems, useStudio, type Problem } from '../engine'
import { applyFix, edit, flowTab, goToBlock, openFlow, openTab } from '../document'
import { announce, attempt, Button, Empty } from '../ui'
import { goToPlace } from './places'
import './problems.css'

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info }
const names = { error: 'Errors', warning: 'Warnings', info: 'Notes' }

export function ProblemsPanel() {
  const state = useProblems()
  const problems = useMemo(() => allProblems(state), [state])
  const [hidden, setHidden] = useState<ReadonlySet<Problem['severity']>>(new Set())
  const counts = { error: 0, warning: 0, info: 0 }
  for (const problem of problems) counts[problem.severity]++
  const shown = problems.filter((problem) => !hidden.has(problem.severity))
  if (problems.length === 0) {
    return (
      <Empty icon={CircleCheck} title="No problems">
        Every change is checked as you make it. What would refuse an export, or surprise a person signing in, is listed here.
      </Empty>
    )
  }
  const toggle = (severity: Problem['severity']) => {
    const next = new Set(hidden)
    if (!next.delete(severity)) next.add(severity)
    setHidden(next)
  }
  return (
    <div className="col grow">
      <div className="panel-bar" role="toolbar" aria-label="Filter problems">
        {(Object.keys(names) as Problem['severity'][]).map((severity) => (
          <Button key={severity} size="small" look="ghost" aria-pressed={!hidden.has(severity)} onClick={() => toggle(severity)}>
            {names[severity]} <span className="num">{counts[severity]}</span>
          </Button>
        ))}
      </div>
      <ul className="problems scroll grow" aria-label="Problems">
        {shown.map((problem, index) => (
          <ProblemRow key={`${problem.code}/${problem.flow}/${problem.block}/${problem.field}/${index}`} problem={problem} />
        ))}
      </ul>
    </div>
  )
}

function ProblemRow({ problem }: { problem: Problem }) {
  const Icon = icons[problem.severity]
  const flowName = useStudio((state) => state.project?.flows.find((flow) => flow.slug === problem.flow)?.name)
  const place = problem.file && !problem.block ? `${problem.file}${problem.line ? `:${problem.line}` : ''}` : [flowName ?? problem.flow, problem.block].filter(Boolean).join(' › ')
  return (
    <li className={`problem ${problem.severity}`}>
      <button type="button" className="problem-main" onClick={() => goToPlace(problem)}>
        <Icon size={14} aria-label={problem.severity} />
        <span className="grow">
          <span className="problem-message">{problem.message}</span>
          <span className="problem-why">{problem.why}</span>
        </span>
        <span className="problem-place mono">{place}</span>
        <span className="problem-code mono">{problem.code}</span>
      </button>
      {problem.fix && (
        <Button size="small" icon={Wrench} onClick={() => fix(problem)}>
          {problem.fix.title}
        </Button>
      )}
    </li>
  )
}

function fix(problem: Problem): void {
  const { flow, fix: repair, block } = problem
  if (!repair || !flow) return
  attempt(async () => {
    openTab(flowTab(flow))
    await openFlow(flow)
    if (edit(flow, applyFix(repair.title, repair.edit))) announce(`Fixed: ${repair.title}. Undo brings the old state back.`)
    if (block) await goToBlock(flow, block)
  })
}

