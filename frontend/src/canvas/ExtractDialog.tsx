// Asks what a flow is to be called that is made of the selection.
import { useState } from 'react'
import { create } from 'zustand'
import { attempt, FormDialog } from '../ui'

interface Question {
  count: number
  run: (name: string) => Promise<void>
}

const useQuestion = create<{ question: Question | null }>()(() => ({ question: null }))

export function askExtract(count: number, run: (name: string) => Promise<void>): void {
  useQuestion.setState({ question: { count, run } })
}

export function ExtractDialog() {
  const question = useQuestion((state) => state.question)
  return question && <Ask question={question} />
}

function Ask({ question }: { question: Question }) {
  const [name, setName] = useState('')
  const close = () => useQuestion.setState({ question: null })
  const go = () => {
    close()
    attempt(() => question.run(name.trim()))
  }
  return (
    <FormDialog
      title="Extract into a subflow"
      description={`${question.count === 1 ? 'The block becomes' : `The ${question.count} blocks become`} a flow of its own, and one block runs it here. What is read over the line becomes inputs and results.`}
      onClose={close}
      action="Extract"
      ready={name.trim() !== ''}
      onDone={go}
    >
      <div className="field">
        <label htmlFor="extract-name">Name of the flow</label>
        <input id="extract-name" className="input" value={name} placeholder="Assess the risk" onChange={(event) => setName(event.target.value)} />
      </div>
    </FormDialog>
  )
}
