// Shows what would change if a failing test expected what really happened, and
// writes it when the person says so.
import { useState } from 'react'
import { FilePen } from 'lucide-react'
import { loadTests, reviseTest, runTests, writeRevised, type RevisedTest } from '../engine'
import { attempt, Button, Dialog, notify } from '../ui'

export function Revise({ name, disabled }: { name: string; disabled: boolean }) {
  const [revised, setRevised] = useState<RevisedTest | null>(null)
  const look = () => attempt(async () => setRevised(await reviseTest(name)))
  const write = (shown: RevisedTest) =>
    attempt(async () => {
      const undo = await writeRevised(shown)
      setRevised(null)
      notify.good(`${shown.path} expects what happened.`, undefined, { label: 'Undo', run: () => attempt(() => undo().then(loadTests)) })
      await loadTests()
      await runTests([name])
    })
  return (
    <>
      <Button size="small" icon={FilePen} disabled={disabled} onClick={look}>
        Update expectation…
      </Button>
      {revised && <Shown revised={revised} onClose={() => setRevised(null)} onWrite={() => write(revised)} />}
    </>
  )
}

function Shown({ revised, onClose, onWrite }: { revised: RevisedTest; onClose: () => void; onWrite: () => void }) {
  const changes = revised.diff.length > 0
  return (
    <Dialog
      wide
      text
      title="Update expectation"
      description={changes ? `The test would expect what really happened. These lines of ${revised.path} change; nothing else of the file does.` : `${revised.path} stays as it is.`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{changes ? 'Leave it' : 'Close'}</Button>
          {changes && (
            <Button look="primary" onClick={onWrite}>
              Update expectation
            </Button>
          )}
        </>
      }
    >
      {changes ? (
        <pre className="tests-diff" aria-label="Lines that change">
          {revised.diff.map((line) => (
            <div key={line} className={line.startsWith('+') ? 'after' : 'before'}>
              {line}
            </div>
          ))}
        </pre>
      ) : (
        <ul className="bare-list tests-failures">
          {(revised.kept.length > 0 ? revised.kept : ['It passes now: there is nothing to change.']).map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
