// Problems right where they are, with their fix.
import { CircleAlert, Info, TriangleAlert, Wrench } from 'lucide-react'
import type { Problem } from '../engine'
import { applyFix, edit } from '../document'
import { announce, Button } from '../ui'

const icons = { error: CircleAlert, warning: TriangleAlert, info: Info }

export function FieldProblems({ problems, slug }: { problems: Problem[]; slug: string }) {
  if (problems.length === 0) return null
  return (
    <ul className="field-problems">
      {problems.map((problem, index) => {
        const Icon = icons[problem.severity]
        const { fix } = problem
        return (
          <li key={index} className={problem.severity}>
            <Icon size={13} aria-label={problem.severity} />
            <span className="grow" title={problem.why}>
              {problem.message}
              {fix && (
                <Button
                  size="small"
                  icon={Wrench}
                  onClick={() => {
                    if (edit(slug, applyFix(fix.title, fix.edit))) announce(`Fixed: ${fix.title}`)
                  }}
                >
                  {fix.title}
                </Button>
              )}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
