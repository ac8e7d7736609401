// What stands over the page while its run is held by the debugger: the next page
// comes when the run goes on, and until then there is nothing to do here.
import { CirclePause } from 'lucide-react'
import { useRuns } from '../engine'

export function Held({ run }: { run: string | undefined }) {
  const block = useRuns((state) => {
    const held = state.runs.find((r) => r.id === run)
    return held?.status === 'paused' ? (held.stack[0]?.block ?? '') : null
  })
  if (block === null) return null
  return (
    <div className="held">
      <p className="held-note">
        <CirclePause size={18} aria-hidden />
        <span>
          The flow is paused before <code>{block}</code>. Its next page comes when it goes on.
        </span>
      </p>
    </div>
  )
}
