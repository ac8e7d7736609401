// Back to a moment of a run: first what of the world is undone by it, and, when it
// goes on with the edited flow, what has changed since its version.
import { useEffect, useState } from 'react'
import { call, EngineError, inOneLine, pathTo, useRuns, viewedRun, viewMoment, type Change, type RunView } from '../engine'
import { saveAll, saveAllFiles } from '../document'
import { attempt, Button, Dialog } from '../ui'

interface Effect {
  n: number
  flow: string
  block: string
  effect: string
  error?: string
}

/** What the run asked of the world after a moment: that is what going back undoes. */
async function undoneBy(run: RunView, moment: number): Promise<Effect[]> {
  const look = await call('debug.look', { run: run.id, moment })
  if (!look.returnable) throw new EngineError({ code: 'no_past', message: 'The studio keeps no past of the world for this moment: it can be looked at, not gone back to.', hint: 'Choose a later moment.' })
  const flowFrame = Math.max(0, run.stack.findIndex((place) => place.file === undefined))
  const scopes = await call('debug.scopes', { run: run.id, frame: flowFrame })
  const effects = (scopes.flow?.find((scope) => scope.name === 'effects')?.values ?? []) as Effect[]
  return effects.filter((effect) => effect.n > look.journal && !effect.error)
}

type Asked<T> = { state: 'asking' } | { state: 'known'; value: T } | { state: 'failed'; text: string }

function useAsked<T>(ask: (() => Promise<T>) | null): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ state: 'asking' })
  useEffect(() => {
    if (!ask) return
    let current = true
    ask()
      .then((value) => current && setAsked({ state: 'known', value }))
      .catch((failure: unknown) => current && setAsked({ state: 'failed', text: inOneLine(failure) }))
    return () => {
      current = false
    }
    // Asked once, when the dialog opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  return asked
}

function Undone({ asked }: { asked: Asked<Effect[]> }) {
  if (asked.state === 'asking') return <p className="faint">Looking at what is undone…</p>
  if (asked.state === 'failed') return <p className="field-error">{asked.text}</p>
  return (
    <section aria-label="What is undone">
      <h3 className="section-title">Undone in the world</h3>
      {asked.value.length === 0 ? (
        <p className="dim">Nothing: the run has done nothing to the world since then.</p>
      ) : (
        <ul className="undone">
          {asked.value.map((effect) => (
            <li key={effect.n}>
              <span className="mono grow">{effect.effect}</span>
              <span className="faint">{effect.block}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="dim small-text">People, sessions, mails and stored values of this world are as they were then. Calls to real services outside stay made.</p>
    </section>
  )
}

export function BackDialog({ onClose }: { onClose: () => void }) {
  const run = useRuns(viewedRun)
  const moment = useRuns((state) => state.moment)
  const asked = useAsked(run && moment !== null ? () => undoneBy(run, moment) : null)
  if (!run || moment === null) return null
  const next = pathTo(run, moment).next
  const go = () => {
    onClose()
    viewMoment(null)
    attempt(() => call('debug.back_to', { run: run.id, moment }))
  }
  return (
    <Dialog
      title={next ? `Go back to before ${next.block}` : 'Go back to this moment'}
      description="The run stands there again, paused. The steps after it are kept in the timeline as a stretch that was left."
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Stay here</Button>
          <Button look="primary" disabled={asked.state !== 'known'} onClick={go}>
            Go back here
          </Button>
        </>
      }
    >
      <Undone asked={asked} />
    </Dialog>
  )
}

async function changesSince(run: RunView): Promise<Change[]> {
  await saveAll()
  await saveAllFiles()
  return await call('debug.changes', { run: run.id })
}

export function EditedDialog({ onClose }: { onClose: () => void }) {
  const run = useRuns(viewedRun)
  const moment = useRuns((state) => state.moment)
  const changes = useAsked(run ? () => changesSince(run) : null)
  const undone = useAsked(run && moment !== null ? () => undoneBy(run, moment) : null)
  if (!run) return null
  const from = moment === null ? run.stack[0]?.block : pathTo(run, moment).next?.block
  const go = () => {
    onClose()
    viewMoment(null)
    attempt(() => call('debug.back_to', { run: run.id, moment: moment ?? run.moment, edited: true }))
  }
  return (
    <Dialog
      title="Go on with the edited flow"
      description={`The run goes on ${from ? `before ${from} ` : ''}with the project as it is now, not with the version that it began on.`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={changes.state !== 'known' || (moment !== null && undone.state !== 'known')} onClick={go}>
            Go on with it
          </Button>
        </>
      }
    >
      <section aria-label="What has changed">
        <h3 className="section-title">Changed since the run began</h3>
        {changes.state === 'asking' && <p className="faint">Comparing…</p>}
        {changes.state === 'failed' && <p className="field-error">{changes.text}</p>}
        {changes.state === 'known' && changes.value.length === 0 && <p className="dim">Nothing: the run is on this version already.</p>}
        {changes.state === 'known' && changes.value.length > 0 && (
          <ul className="undone">
            {changes.value.map((change, index) => (
              <li key={index}>
                <span className={`badge ${change.weakens ? 'bad' : change.kind === 'added' ? 'good' : change.kind === 'removed' ? 'warn' : ''}`}>{change.kind}</span>
                <span className="grow">{change.text}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {moment !== null && <Undone asked={undone} />}
    </Dialog>
  )
}
