// A flow in front: what keeps it from being saved, and its drawing.
import { RotateCw, TriangleAlert } from 'lucide-react'
import { describe } from '../engine'
import { closeTab, flowTab, keepMine, reloadTheirs, retryFlow, save, useFlows } from '../document'
import { attempt, Button, Empty } from '../ui'
import { Canvas } from '../canvas'
import { Trail } from './Trail'

export function FlowView({ slug }: { slug: string }) {
  const state = useFlows((s) => s.open[slug]?.save)
  const there = useFlows((s) => s.open[slug]?.theirs !== null)
  const failure = useFlows((s) => s.open[slug]?.failure)
  const failed = useFlows((s) => s.failed[slug])
  if (failed !== undefined) {
    const { message, hint } = describe(failed)
    return (
      <Empty
        icon={TriangleAlert}
        title={`“${slug}” cannot be opened`}
        actions={
          <Button icon={RotateCw} onClick={() => attempt(() => retryFlow(slug))}>
            Try again
          </Button>
        }
      >
        {message} {hint}
      </Empty>
    )
  }
  if (state === undefined) return <Empty title="Opening…" />
  return (
    <>
      {state === 'conflict' && (
        <div className="banner" role="alert">
          <TriangleAlert size={15} aria-hidden />
          <span className="grow">
            {there
              ? 'This flow was changed outside while you were editing it. Nothing is written until you choose, and both versions are kept; whichever you take, undo brings the other back.'
              : 'This flow was removed outside while you were editing it. Yours is kept until you choose.'}
          </span>
          <Button size="small" onClick={() => attempt(async () => void (reloadTheirs(slug) || (await closeTab(flowTab(slug).key))))}>
            {there ? 'Reload theirs' : 'Let it go'}
          </Button>
          <Button size="small" onClick={() => keepMine(slug)}>
            Keep mine
          </Button>
        </div>
      )}
      {state === 'failed' && (
        <div className="banner bad" role="alert">
          <TriangleAlert size={15} aria-hidden />
          <span className="grow">
            Not saved: {describe(failure).message} {describe(failure).hint ?? 'It is tried again.'}
          </span>
          <Button size="small" onClick={() => attempt(() => save(slug))}>
            Try now
          </Button>
        </div>
      )}
      <Trail slug={slug} />
      <Canvas slug={slug} />
    </>
  )
}
