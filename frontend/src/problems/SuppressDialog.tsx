// Letting a finding be: where, and why.
import { useState } from 'react'
import { create } from 'zustand'
import type { Problem } from '../engine'
import { attempt, FormDialog, Select } from '../ui'
import { suppress } from './fixing'

const useAsked = create<{ problem: Problem | null }>()(() => ({ problem: null }))

export function askReason(problem: Problem): void {
  useAsked.setState({ problem })
}

const close = () => useAsked.setState({ problem: null })

export function SuppressDialog() {
  const problem = useAsked((state) => state.problem)
  return problem && <Asked key={problem.code} problem={problem} />
}

type Where = 'block' | 'flow' | 'project'

function Asked({ problem }: { problem: Problem }) {
  const [reason, setReason] = useState('')
  const [where, setWhere] = useState<Where>(problem.block ? 'block' : problem.flow ? 'flow' : 'project')
  const write = () => {
    close()
    attempt(() => suppress(problem, where, reason))
  }
  return (
    <FormDialog title={`Suppress ${problem.code}`} description={problem.message} action="Suppress" ready={reason.trim() !== ''} onDone={write} onClose={close}>
      <label className="col" style={{ gap: 4 }}>
        Why it is right as it is
        <textarea className="input" rows={3} value={reason} placeholder="Names are public in this product." onChange={(event) => setReason(event.target.value)} />
      </label>
      <label className="col" style={{ gap: 4 }}>
        Where
        <Select value={where} onChange={(event) => setWhere(event.target.value as Where)}>
          {problem.block && <option value="block">At the block {problem.block} alone</option>}
          {problem.flow && <option value="flow">In the flow {problem.flow}</option>}
          <option value="project">Anywhere in the project</option>
        </Select>
      </label>
      <p className="field-help">The reason is kept in authflow.json. It stands in this panel, in every check, in the bundle’s manifest and in comparisons.</p>
    </FormDialog>
  )
}
