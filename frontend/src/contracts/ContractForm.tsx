// Writes a contract, new or changed. Who reads it in the end is the checker: what
// it does not understand comes back with what was probably meant.
import { useId, useState } from 'react'
import { saveContract, useContracts, useStudio, type Contract } from '../engine'
import { attempt, FormDialog, notify, Select } from '../ui'
import { ConditionInput } from './ConditionInput'
import { kindOf, kinds, only, sentence, type Kind } from './sentence'
import { WordsInput } from './WordsInput'

export function ContractForm({ start, onClose }: { start: Contract | null; onClose: () => void }) {
  const [draft, setDraft] = useState<Contract>(start ?? { name: '', every: ['a session'], passed: ['a second factor'] })
  const [kind, setKind] = useState<Kind>(start ? kindOf(start) : 'every')
  const id = useId()
  const change = (part: Partial<Contract>) => setDraft((d) => ({ ...d, ...part }))
  const contract = only(draft, kind)
  const save = () =>
    attempt(async () => {
      await saveContract(start?.file ?? '', start?.name ?? '', contract)
      notify.good(`“${contract.name}” is a promise of the project now.`)
      onClose()
    })
  return (
    <FormDialog
      wide
      title={start ? 'Change the contract' : 'New contract'}
      description="A promise about the flows. It is proven over all their paths, or refuted with the shortest one that breaks it."
      onClose={onClose}
      action={start ? 'Save and prove' : 'Add and prove'}
      ready={contract.name !== ''}
      onDone={save}
    >
      <div className="col contract-form">
        <div className="contract-field">
          <label htmlFor={`${id}-name`}>What it promises</label>
          <input id={`${id}-name`} className="input" value={draft.name} placeholder="Every session passed a second factor" onChange={(event) => change({ name: event.target.value })} />
        </div>
        <div className="contract-field">
          <label htmlFor={`${id}-kind`}>Kind</label>
          <Select id={`${id}-kind`} value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
            {kinds.map((k) => (
              <option key={k.kind} value={k.kind}>
                {k.title}
              </option>
            ))}
          </Select>
          <p className="faint contract-help">{kinds.find((k) => k.kind === kind)?.help}</p>
        </div>
        <Parts kind={kind} draft={draft} change={change} />
        <p className="contract-sentence" aria-live="polite">
          {sentence(contract)}
        </p>
      </div>
    </FormDialog>
  )
}

interface PartsProps {
  kind: Kind
  draft: Contract
  change: (part: Partial<Contract>) => void
}

/** The fields that belong to the kind. */
function Parts({ kind, draft, change }: PartsProps) {
  const { effects, words } = useContracts()
  const flows = useStudio((state) => state.project?.flows ?? [])
  const id = useId()
  const things = [...effects.map((e) => ({ value: e.word, help: e.help })), ...words.map((value) => ({ value }))]
  const places = [...new Set([...flows.map((f) => f.slug), ...flows.map((f) => f.trigger)])].map((value) => ({ value }))
  return (
    <>
      {kind !== 'calls_only' && (
        <WordsInput label="On" words={draft.on ?? []} offers={places} placeholder="every flow that can be started" onChange={(on) => change({ on })} />
      )}
      {kind === 'every' && (
        <>
          <WordsInput label="Every path to" words={draft.every ?? []} offers={things} placeholder="a session" onChange={(every) => change({ every })} />
          <WordsInput label="has passed" words={draft.passed ?? []} offers={things} placeholder="a second factor" onChange={(passed) => change({ passed })} help="One of these is enough." />
        </>
      )}
      {kind === 'never' && <WordsInput label="Never" words={draft.never ?? []} offers={things} placeholder="a session" onChange={(never) => change({ never })} />}
      {(kind === 'every' || kind === 'never') && <Limits draft={draft} change={change} things={things} />}
      {kind === 'alike' && (
        <WordsInput label="Outcomes" words={draft.alike ?? []} offers={words.filter((w) => w.includes(':')).map((value) => ({ value }))} placeholder="identity_lookup:found" onChange={(alike) => change({ alike })} />
      )}
      {kind === 'within' && (
        <div className="contract-field">
          <label htmlFor={`${id}-within`}>At most</label>
          <input id={`${id}-within`} className="input" value={draft.within ?? ''} placeholder="5s" onChange={(event) => change({ within: event.target.value })} />
        </div>
      )}
      {kind === 'calls_only' && <WordsInput label="Hosts" words={draft.calls_only ?? []} offers={[]} placeholder="none" onChange={(hosts) => change({ calls_only: hosts })} />}
    </>
  )
}

function Limits({ draft, change, things }: Omit<PartsProps, 'kind'> & { things: { value: string; help?: string }[] }) {
  const all = useContracts((state) => state.values)
  const scopes = draft.on?.length ? draft.on.flatMap((name) => all[name] ?? []) : Object.values(all).flat()
  const values = [...new Map(scopes.map((v) => [v.path, v])).values()]
  return (
    <>
      <WordsInput label="Only after" words={draft.after ?? []} offers={things} placeholder="anything" onChange={(after) => change({ after })} />
      <ConditionInput label="Only when" text={draft.when ?? ''} values={values} onChange={(when) => change({ when })} help="Asked where the target is reached. What cannot be evaluated there does not hold." />
      <ConditionInput label="Unless" text={draft.unless ?? ''} values={values} onChange={(unless) => change({ unless })} help="Spares a path only where it certainly holds." />
    </>
  )
}
