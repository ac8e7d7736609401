// Risk signals that are so whatever would be found: what a tester sets instead of
// waiting for a Tor exit or an impossible journey.
import { useId } from 'react'
import { Select } from '../ui'

type Risk = Record<string, boolean | number>

export function RiskSignals({ risk, names, onChange }: { risk: Risk; names: string[]; onChange: (risk: Risk) => void }) {
  const id = useId()
  const set = Object.entries(risk)
  const put = (name: string, value: boolean | number | undefined) => {
    const rest = Object.fromEntries(set.filter(([other]) => other !== name))
    onChange(value === undefined ? rest : { ...rest, [name]: value })
  }
  return (
    <>
      <label htmlFor={id}>Risk</label>
      <Select
        id={id}
        value=""
        onChange={(event) => {
          if (event.target.value) put(event.target.value, event.target.value === 'score' ? 50 : true)
        }}
      >
        <option value="">{set.length === 0 ? 'As it is found' : 'Set one more…'}</option>
        {names
          .filter((name) => !(name in risk))
          .map((name) => (
            <option key={name} value={name}>
              {words(name)}
            </option>
          ))}
      </Select>
      {set.map(([name, value]) => (
        <Row key={name} name={name} value={value} onChange={(v) => put(name, v)} />
      ))}
    </>
  )
}

function Row({ name, value, onChange }: { name: string; value: boolean | number; onChange: (value: boolean | number | undefined) => void }) {
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="ellipsis">
        {words(name)}
      </label>
      <Select id={id} value={String(value)} onChange={(event) => onChange(event.target.value === '' ? undefined : typeof value === 'number' ? Number(event.target.value) : event.target.value === 'true')}>
        {typeof value === 'number' ? (
          [...new Set([0, 25, 50, 75, 100, value])].sort((a, b) => a - b).map((score) => (
            <option key={score} value={score}>
              {score}
            </option>
          ))
        ) : (
          <>
            <option value="true">Is so</option>
            <option value="false">Is not so</option>
          </>
        )}
        <option value="">As it is found</option>
      </Select>
    </>
  )
}

function words(name: string): string {
  const text = name.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
