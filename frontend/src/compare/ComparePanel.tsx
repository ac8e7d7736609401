// What has changed since another version: in words, each change by itself.
import { GitCompare, TriangleAlert, Undo2, X } from 'lucide-react'
import { stopComparing, useCompare, type Change } from '../engine'
import { goToBlock, useReveal } from '../document'
import { attempt, Button, Empty, IconButton } from '../ui'
import { runCommand } from '../commands'
import { takeBack } from './comparing'
import './compare.css'

export function ComparePanel() {
  const { slug, against, result, problem } = useCompare()
  if (slug === null || against === null) {
    return (
      <Empty
        icon={GitCompare}
        title="Compare with another version"
        actions={
          <Button icon={GitCompare} onClick={() => runCommand('compare.with')}>
            Compare with…
          </Button>
        }
      >
        Hold the flow in front beside a commit, a bundle or another project: what is new, changed or gone is painted on the canvas, and each change can be taken back by itself.
      </Empty>
    )
  }
  return (
    <div className="col grow">
      <div className="panel-bar" role="toolbar" aria-label="Comparison">
        <span className="ellipsis grow">
          <strong>{slug}</strong> beside {against.label}
        </span>
        <Button size="small" look="ghost" icon={GitCompare} onClick={() => runCommand('compare.with')}>
          Another version…
        </Button>
        <IconButton size="small" icon={X} label="Stop comparing" onClick={stopComparing} />
      </div>
      {problem && (
        <p className="compare-problem" role="alert">
          <TriangleAlert size={14} aria-hidden /> {problem}
        </p>
      )}
      {result && <Changes slug={slug} changes={result.changes} others={result.others} whole={result.flow !== null} />}
    </div>
  )
}

function Changes({ slug, changes, others, whole }: { slug: string; changes: Change[]; others: Change[]; whole: boolean }) {
  return (
    <div className="scroll grow" role="region" aria-label="Changes" tabIndex={0}>
      {!whole && <p className="faint compare-none">That version has no flow of this name.</p>}
      {whole && changes.length === 0 && <p className="faint compare-none">This flow is the same in both.</p>}
      <ul className="compare-list" aria-label="Changes of this flow">
        {whole && changes.map((change, index) => <ChangeRow key={`${index}/${change.text}`} slug={slug} change={change} index={index} />)}
      </ul>
      {others.length > 0 && (
        <details className="compare-others">
          <summary>Elsewhere in the project: {others.length}</summary>
          <ul className="compare-list" aria-label="Changes elsewhere">
            {others.map((change) => (
              <li key={change.text} className={`compare-row ${change.kind}`}>
                <span className="compare-kind">{change.kind}</span>
                <span className="grow">{change.text}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

function ChangeRow({ slug, change, index }: { slug: string; change: Change; index: number }) {
  const chosen = useCompare((state) => state.chosen === index)
  const look = () => {
    useCompare.setState({ chosen: index })
    if (!change.block) return
    // What is gone stands there as a shade of itself.
    if (change.part === 'block' && change.kind === 'removed') useReveal.setState((state) => ({ slug, block: `~${change.block}`, focus: false, n: state.n + 1 }))
    else attempt(() => goToBlock(slug, change.block ?? ''))
  }
  return (
    <li className={`compare-row ${change.kind} ${chosen ? 'chosen' : ''}`}>
      <button type="button" className="compare-main" aria-pressed={chosen} onClick={look}>
        <span className="compare-kind">{change.kind}</span>
        <span className="grow">
          {change.text.replace(`${slug}: `, '')}
          {change.weakens && (
            <span className="badge bad compare-weak">
              <TriangleAlert size={11} aria-hidden /> takes a safeguard away
            </span>
          )}
        </span>
      </button>
      <IconButton size="small" icon={Undo2} label={`Take back: ${change.text}`} onClick={() => attempt(() => takeBack(change))} />
    </li>
  )
}
