// A block is held to an outcome in every run, without running. It begins with what
// the block did in the run that is looked at.
import { useState } from 'react'
import { pinAt, setPin, useRuns, viewedRun, type Pin } from '../engine'
import { attempt, Button, FormDialog } from '../ui'
import { OutcomeForm, outcomeOf, useOutcome, type Outcome } from './OutcomeForm'
import { selectedBlock } from './selected'

export function PinDialog({ onClose }: { onClose: () => void }) {
  const [at] = useState(selectedBlock)
  const pin = useRuns((state) => (at ? pinAt(state, at.flow, at.block) : undefined))
  const [draft, setDraft] = useOutcome(at, at ? (pin ?? lived(at.flow, at.block)) : undefined)
  if (!at) return null
  const outcome = outcomeOf(draft)
  const keep = (changed: Pin) => {
    onClose()
    attempt(() => setPin(changed))
  }
  return (
    <FormDialog
      title={`Pin the outcome of ${at.block}`}
      description="In every run that you begin here the block leaves this way, with these values, and does not run. Tests, bundles and servers know nothing of it; journals mark it."
      onClose={onClose}
      also={
        pin && (
          <>
            <Button look="danger" onClick={() => keep({ ...at, port: '', outputs: {}, enabled: false })}>
              Take the pin out
            </Button>
            <span className="grow" />
          </>
        )
      }
      action="Pin it"
      ready={outcome !== null}
      onDone={() => outcome && keep({ ...at, ...outcome, enabled: true })}
    >
      <OutcomeForm at={at} draft={draft} onChange={setDraft} />
    </FormDialog>
  )
}

/** What the block did last in the run that is looked at. */
function lived(flow: string, block: string): Outcome | undefined {
  const step = viewedRun(useRuns.getState())?.path.findLast((s) => s.flow === flow && s.block === block && s.port !== '')
  return step && { port: step.port, outputs: step.outputs }
}
