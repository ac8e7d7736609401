// Makes a scenario of the run that is looked at, or of the latest one.
import { CircleDot } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import { recordTest, useRuns, viewedRun } from '../engine'
import { attempt, Button, notify } from '../ui'

export function RecordTest() {
  const run = useRuns((state) => viewedRun(state) ?? state.runs[0])
  const [name, setName] = useState('')
  const id = useId()
  if (!run) return null
  const record = (event: FormEvent) => {
    event.preventDefault()
    attempt(async () => {
      const path = await recordTest(run.id, name.trim())
      setName('')
      notify.good(`The run is a test now: ${path}.`)
    })
  }
  return (
    <form className="row tests-record" onSubmit={record}>
      <label htmlFor={id}>Make a test of the last run</label>
      <input id={id} className="input" value={name} placeholder="Signs in from the office" onChange={(event) => setName(event.target.value)} />
      <Button type="submit" icon={CircleDot} disabled={name.trim() === ''}>
        Record
      </Button>
    </form>
  )
}
