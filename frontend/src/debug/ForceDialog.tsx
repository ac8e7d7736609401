// What if the block left by another outcome? It does not run; the run goes on as
// if it had.
import { call, useRuns, viewedRun } from '../engine'
import { attempt, FormDialog } from '../ui'
import { OutcomeForm, outcomeOf, useOutcome } from './OutcomeForm'

export function ForceDialog({ onClose }: { onClose: () => void }) {
  const run = useRuns(viewedRun)
  const at = run?.stack[0]
  const [draft, setDraft] = useOutcome(at)
  if (!run || !at) return null
  const outcome = outcomeOf(draft)
  const go = () => {
    if (!outcome) return
    onClose()
    attempt(() => call('debug.force', { run: run.id, ...outcome }))
  }
  return (
    <FormDialog
      title={`Leave ${at.block} by an outcome`}
      description="The block does not run. The run goes on as if it had left this way, and its journal says so."
      onClose={onClose}
      action="Leave this way"
      ready={outcome !== null}
      onDone={go}
    >
      <OutcomeForm at={at} draft={draft} onChange={setDraft} />
    </FormDialog>
  )
}
