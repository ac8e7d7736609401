// A run as a file, and a file as a run: what was recorded happens again under the
// debugger, on any machine.
import { Download } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { call, inOneLine, useRuns, viewedRun, viewRun } from '../engine'
import { attempt, bytes, Button, CopyButton, Dialog, FormDialog } from '../ui'

export function RecordDialog({ onClose }: { onClose: () => void }) {
  const run = useRuns(viewedRun)
  const [text, setText] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const id = run?.id
  useEffect(() => {
    if (id === undefined) return
    call('debug.recording', { run: id })
      .then((recorded) => setText(recorded.text))
      .catch((problem: unknown) => setFailure(inOneLine(problem)))
  }, [id])
  if (!run) return null
  const name = `${run.flow}-${run.started_at.slice(0, 19).replace(/\D/g, '')}.afrun.json`
  return (
    <Dialog
      title="Keep as recording"
      description="The whole run as one file: what came in, what each block did, and the version of the project. It replays under the debugger on any machine, from the file alone."
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          {text !== null && <CopyButton visible text={text} label="Copy the text" />}
          <Button look="primary" icon={Download} disabled={text === null} onClick={() => text !== null && save(name, text)}>
            Save file
          </Button>
        </>
      }
    >
      {failure ? <p className="field-error">{failure}</p> : <p className="mono small-text">{text === null ? 'Writing…' : `${name}, ${bytes(text.length)}`}</p>}
    </Dialog>
  )
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

export function ReplayDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<{ name: string; text: string } | null>(null)
  const [present, setPresent] = useState(false)
  const id = useId()
  const read = async (chosen: File | undefined) => setFile(chosen ? { name: chosen.name, text: await chosen.text() } : null)
  const go = async () => {
    if (!file) return
    const { run } = await call('debug.replay', { text: file.text, present })
    onClose()
    viewRun(run)
  }
  return (
    <FormDialog
      title="Replay a recording"
      description="It stops before its first block, and at your breakpoints. Nothing is performed: what was recorded happens again, and nothing of it can be changed."
      onClose={onClose}
      action="Replay"
      ready={file !== null}
      onDone={() => attempt(go)}
    >
      <div className="field">
        <label htmlFor={id}>Recording</label>
        <input id={id} className="input" type="file" accept=".json,application/json" onChange={(event) => attempt(() => read(event.target.files?.[0]))} />
      </div>
      <label className="row">
        <input type="checkbox" checked={present} onChange={(event) => setPresent(event.target.checked)} />
        On this project as it is now, not on the version that was recorded
      </label>
    </FormDialog>
  )
}
