// What has changed since the bundle before: in words, and each flow on the canvas.
import { GitCompare, TriangleAlert } from 'lucide-react'
import type { BundlePreview, Change } from '../engine'
import { attempt, Button, plural } from '../ui'
import { compareWithBundle } from './comparing'
import { Part, releaseWords } from './parts'

export function Since({ bundle }: { bundle: BundlePreview }) {
  const { last, changes, verdicts } = bundle
  if (!last) {
    return (
      <Part icon={GitCompare} title="Since the last bundle">
        <p className="faint bundle-none">This will be the first bundle of the project. From the next one on, what has changed stands here.</p>
      </Part>
    )
  }
  const flows = new Map<string, Change[]>()
  for (const change of changes) flows.set(change.flow ?? '', [...(flows.get(change.flow ?? '') ?? []), change])
  const total = changes.length + verdicts.length
  return (
    <Part icon={GitCompare} title="Since the last bundle">
      <p className="bundle-since">
        {total === 0 ? 'Nothing has changed' : plural(total, 'change')} since {releaseWords(last)}.
      </p>
      {[...flows].map(([slug, list]) => (
        <div key={slug} className="bundle-changes">
          <h3>
            {slug || 'The project'} <span className="num">{list.length}</span>
            {slug && bundle.flows.some((flow) => flow.slug === slug) && last.readable && (
              <Button size="small" icon={GitCompare} onClick={() => attempt(() => compareWithBundle(slug, last.readable ?? '', `${last.name} ${last.version}`))}>
                On the canvas
              </Button>
            )}
          </h3>
          <ul>
            {list.map((change, index) => (
              <li key={index}>
                {change.text.replace(`${slug}: `, '')}
                {change.weakens && (
                  <span className="badge bad compare-weak">
                    <TriangleAlert size={11} aria-hidden /> takes a safeguard away
                  </span>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {verdicts.length > 0 && (
        <div className="bundle-changes">
          <h3>Contracts</h3>
          <ul>
            {verdicts.map((one) => (
              <li key={one.name}>
                {one.name}: {one.after || 'not promised'}, was {one.before || 'not promised'}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Part>
  )
}
