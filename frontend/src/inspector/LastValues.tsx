// What this block wrote in the run that is looked at.
import { useRuns, viewedRun } from '../engine'
import { milliseconds, Tree } from '../ui'
import { Section } from './Section'

export function LastValues({ slug, id }: { slug: string; id: string }) {
  const run = useRuns(viewedRun)
  const step = run?.path.filter((s) => s.flow === slug && s.block === id).at(-1)
  if (!step) return null
  return (
    <Section title="In this run" hint={`${step.port || 'ended'} after ${milliseconds(step.ms)}`}>
      <div className="tree" role="tree" aria-label="Values of this run">
        {Object.entries(step.outputs ?? {}).map(([name, value]) => (
          <Tree key={name} name={name} path={name} value={value} open={0} />
        ))}
        {Object.keys(step.outputs ?? {}).length === 0 && <p className="faint">It wrote no values.</p>}
      </div>
    </Section>
  )
}
