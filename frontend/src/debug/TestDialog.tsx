// The run that is looked at becomes a test: a scenario that does the same.
import { useId, useState } from 'react'
import { recordTest, useRuns, viewedRun } from '../engine'
import { openText } from '../editor'
import { attempt, FormDialog, notify } from '../ui'

export function TestDialog({ onClose }: { onClose: () => void }) {
  const run = useRuns(viewedRun)
  const [name, setName] = useState('')
  const id = useId()
  if (!run) return null
  const keep = () =>
    attempt(async () => {
      const path = await recordTest(run.id, name.trim())
      onClose()
      notify.good(`The run is a test now: ${path}.`, undefined, { label: 'Open', run: () => openText(path) })
    })
  return (
    <FormDialog
      title="Save as test"
      description="A scenario that does what was done here, and expects what came of it: passwords by name, codes by where they come from. It stands below scenarios/ and runs with all others."
      onClose={onClose}
      action="Save"
      ready={name.trim() !== ''}
      onDone={keep}
    >
      <div className="field">
        <label htmlFor={id}>What it shows</label>
        <input id={id} className="input" autoFocus value={name} placeholder="Signs in from the office" onChange={(event) => setName(event.target.value)} />
      </div>
    </FormDialog>
  )
}
