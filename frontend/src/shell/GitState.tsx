// How the project stands to its repository: the branch, and what is not committed.
import { GitBranch } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, useStudio, type GitView } from '../engine'
import { useFlows, useFiles } from '../document'
import { runCommand } from '../commands'
import { Tip } from '../ui'

/** Asked again once writes have settled. */
const settle = 800

export function GitState() {
  const dir = useStudio((state) => state.project?.dir)
  const saved = useFlows((state) => Object.values(state.open).filter((flow) => flow.save === 'saved').length)
  const revisions = useFlows((state) => Object.values(state.open).map((flow) => flow.revision).join())
  const files = useFiles((state) => Object.values(state.open).map((file) => file.revision).join())
  const [git, setGit] = useState<GitView | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => {
      call('project.git').then(setGit, () => setGit(null))
    }, settle)
    return () => clearTimeout(timer)
  }, [dir, saved, revisions, files])
  if (!git?.in_git) return null
  const changed = Object.keys(git.changed)
  const steps = [git.ahead ? `${git.ahead} to push` : '', git.behind ? `${git.behind} to pull` : ''].filter(Boolean).join(', ')
  return (
    <Tip
      side="top"
      text={
        <>
          {changed.length === 0 ? 'Everything is committed.' : 'Not committed:'}
          {changed.slice(0, 12).map((name) => (
            <span key={name} style={{ display: 'block' }}>
              {git.changed[name]}: {name}
            </span>
          ))}
          {changed.length > 12 && <span style={{ display: 'block' }}>and {changed.length - 12} more</span>}
          {steps && <span style={{ display: 'block' }}>{steps}</span>}
        </>
      }
    >
      <button type="button" data-testid="git-state" aria-label={`Branch ${git.branch}, ${changed.length} files not committed. Compare`} onClick={() => runCommand('compare.with')}>
        <GitBranch size={12} aria-hidden />
        <span className="ellipsis">{git.branch || 'no commit yet'}</span>
        {changed.length > 0 && <span className="num">● {changed.length}</span>}
      </button>
    </Tip>
  )
}
