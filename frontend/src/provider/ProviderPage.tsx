// The provider in a tester's hands: what goes wrong on demand, who signs in
// next, what clients asked, keys, and whom it told of a logout.
import { useEffect, useState } from 'react'
import { loadUsers, setPicker, useProvider, watchProvider } from '../engine'
import { OpenText } from '../editor'
import { attempt, PageHead, Switch } from '../ui'
import { Faults } from './Faults'
import { Keys } from './Keys'
import { Logouts } from './Logouts'
import { NextSignIn } from './NextSignIn'
import { Requests } from './Requests'
import './provider.css'

const parts = ['Faults', 'Requests', 'Next sign-in', 'Keys', 'Logouts'] as const
type Part = (typeof parts)[number]

export function ProviderPage() {
  const [part, setPart] = useState<Part>('Faults')
  const provider = useProvider()
  useEffect(() => {
    attempt(loadUsers)
    return watchProvider()
  }, [])
  const counts: Record<Part, number> = {
    Faults: Object.keys(provider.faults).length,
    Requests: provider.requests.length,
    'Next sign-in': provider.next.length,
    Keys: 0,
    Logouts: provider.logouts.filter((l) => l.state === 'failed').length,
  }
  return (
    <div className="col grow">
      <PageHead title="Provider" text="The OpenID Provider of this project's harness, for your own tests: let it fail, decide who signs in, and see what clients asked. The control API gives the same orders to test programs.">
        <label className="row provider-picker">
          <Switch label="Pick people instead of signing in" checked={provider.picker} onChange={(on) => attempt(() => setPicker(on))} />
          <span>Pick people instead of signing in</span>
        </label>
        <OpenText path="clients.yaml">Edit clients.yaml</OpenText>
      </PageHead>
      <div className="panel-bar provider-parts" role="toolbar" aria-label="Parts of the provider">
        {parts.map((name) => (
          <button key={name} type="button" className="pill" aria-pressed={part === name} onClick={() => setPart(name)}>
            {name}
            {counts[name] > 0 && <span className={`count ${name === 'Faults' || name === 'Logouts' ? 'warn' : ''}`}>{counts[name]}</span>}
          </button>
        ))}
      </div>
      {part === 'Faults' && <Faults />}
      {part === 'Requests' && <Requests />}
      {part === 'Next sign-in' && <NextSignIn />}
      {part === 'Keys' && <Keys />}
      {part === 'Logouts' && <Logouts />}
    </div>
  )
}
