// What several pages of bundles are made of.
import { CircleAlert, CircleCheck, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { BundleContract, BundlePreview, Issue } from '../engine'
import { ago, plural } from '../ui'

export function Verdict({ bundle }: { bundle: BundlePreview }) {
  const errors = bundle.problems.filter((p) => p.severity === 'error')
  if (bundle.exportable) {
    return (
      <p className="bundle-verdict good">
        <CircleCheck size={16} aria-hidden />
        <span>
          Ready to export{bundle.problems.length > 0 ? `, with ${plural(bundle.problems.length, 'warning')}` : ''}.
        </span>
      </p>
    )
  }
  return (
    <div className="bundle-verdict bad" role="alert">
      <CircleAlert size={16} aria-hidden />
      <div>
        <p>Cannot be exported while there {errors.length === 1 ? 'is an error' : `are ${errors.length} errors`}:</p>
        <ul>
          {errors.map((problem, index) => (
            <li key={index}>
              <span className="mono">{[problem.flow, problem.block].filter(Boolean).join(' › ') || problem.file}</span> {problem.message}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

export function Part({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children: ReactNode }) {
  return (
    <section className="bundle-part" aria-label={title}>
      <h2>
        <Icon size={14} aria-hidden />
        {title}
      </h2>
      {children}
    </section>
  )
}

export function Names({ list, none }: { list: string[]; none: string }) {
  if (list.length === 0) return <p className="faint bundle-none">{none}</p>
  return (
    <ul className="bundle-names mono">
      {list.map((name) => (
        <li key={name}>{name}</li>
      ))}
    </ul>
  )
}

const looks: Record<string, string> = { proved: 'good', refuted: 'bad', unknown: 'warn', passed: 'good', failed: 'bad' }

export function Contracts({ list }: { list: BundleContract[] }) {
  if (list.length === 0) return <p className="faint bundle-none">None: nothing is promised.</p>
  return (
    <ul className="bundle-contracts">
      {list.map((contract) => (
        <li key={contract.name}>
          <span className={`badge ${looks[contract.verdict] ?? ''}`}>{contract.verdict}</span> {contract.name}
        </li>
      ))}
    </ul>
  )
}

/** The revision and what else was said of an issue, in a line. */
export function issueWords({ revision, scope, expires }: Issue): string {
  const words = [revision ? `revision ${revision}` : 'no revision']
  if (scope) words.push(`for ${scope}`)
  if (expires) words.push(`until ${new Date(expires).toLocaleDateString()}`)
  return words.join(', ')
}

export function releaseWords(release: { name: string; version: string; at: string } & Issue): string {
  return `${release.name} ${release.version} (${issueWords(release)}, ${ago(release.at)})`
}
