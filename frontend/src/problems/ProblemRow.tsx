// One problem: what, why, where, and what can be done about it.
import { BookOpen, CircleAlert, EyeOff, Info, Lightbulb, RotateCcw, TriangleAlert, Wrench } from 'lucide-react'
import { openOutside, useProblems, useStudio, type Problem, type Suppressed } from '../engine'
import { attempt, Button, IconButton } from '../ui'
import { fixProblem, unsuppress } from './fixing'
import { goToPlace } from './places'
import { askReason } from './SuppressDialog'
import { choose, keyOfProblem, toggleExplained, useView } from './view'

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info }

function usePlace(problem: Problem): string {
  const flowName = useStudio((state) => state.project?.flows.find((flow) => flow.slug === problem.flow)?.name)
  if (problem.file && !problem.block && !problem.flow) return `${problem.file}${problem.line ? `:${problem.line}` : ''}`
  return [flowName ?? problem.flow, problem.block].filter(Boolean).join(' › ')
}

export function ProblemRow({ problem }: { problem: Problem }) {
  const Icon = icons[problem.severity]
  const key = keyOfProblem(problem)
  const chosen = useView((view) => view.chosen === key)
  const explained = useView((view) => view.explained.has(key))
  const known = useProblems((state) => problem.code in state.rules)
  const place = usePlace(problem)
  const go = () => {
    choose(problem)
    goToPlace(problem)
  }
  return (
    <li className={`problem ${problem.severity} ${chosen ? 'chosen' : ''}`} aria-current={chosen || undefined}>
      <div className="problem-line">
        <button type="button" className="problem-main" onClick={go}>
          <Icon size={14} aria-label={problem.severity} />
          <span className="grow">
            <span className="problem-message">{problem.message}</span>
            <span className="problem-why">{problem.why}</span>
          </span>
          <span className="problem-place mono">{place}</span>
          <span className="problem-code mono">{problem.code}</span>
        </button>
        {problem.fix && (
          <Button size="small" icon={Wrench} onClick={() => attempt(() => fixProblem(problem))}>
            {problem.fix.title}
          </Button>
        )}
        {known && <IconButton size="small" icon={Lightbulb} label={`What to do about ${problem.code}`} aria-expanded={explained} onClick={() => toggleExplained(problem)} />}
        {problem.severity !== 'error' && known && <IconButton size="small" icon={EyeOff} label={`Suppress ${problem.code}…`} onClick={() => askReason(problem)} />}
      </div>
      {explained && <Explained code={problem.code} />}
    </li>
  )
}

/** The check in words, and the way to its page. */
function Explained({ code }: { code: string }) {
  const rule = useProblems((state) => state.rules[code])
  if (!rule) return null
  return (
    <div className="problem-about">
      <p>
        <strong>{rule.title}.</strong> {rule.mend}
      </p>
      <Button size="small" look="ghost" icon={BookOpen} onClick={() => openOutside(rule.page)}>
        A wrong and a right example
      </Button>
    </div>
  )
}

export function SuppressedRow({ finding }: { finding: Suppressed }) {
  const place = usePlace(finding)
  return (
    <li className="problem suppressed">
      <div className="problem-line">
        <button type="button" className="problem-main" onClick={() => goToPlace(finding)}>
          <EyeOff size={14} aria-label="suppressed" />
          <span className="grow">
            <span className="problem-message">{finding.message}</span>
            <span className="problem-why">Suppressed: {finding.reason}</span>
          </span>
          <span className="problem-place mono">{place}</span>
          <span className="problem-code mono">{finding.code}</span>
        </button>
        <Button size="small" icon={RotateCcw} onClick={() => attempt(() => unsuppress(finding))}>
          Report it again
        </Button>
      </div>
    </li>
  )
}
