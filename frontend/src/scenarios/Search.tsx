// What the tests lack: outcomes that none covers, and mistakes that none notices.
import { FlaskConical, SearchX } from 'lucide-react'
import { useTests, type Mutant, type Mutation } from '../engine'
import { Button, PathStep, plural, type PathPlace } from '../ui'
import { runCommand } from '../commands'

export function Search({ onShow }: { onShow: (step: PathPlace) => void }) {
  const { running, cases, mutation } = useTests()
  return (
    <section className="col tests-facts" aria-label="What the tests lack">
      <h3 className="section-title">What the tests lack</h3>
      <div className="row tests-order">
        <Button size="small" icon={FlaskConical} disabled={running} onClick={() => runCommand('tests.generate')}>
          Find missing tests
        </Button>
        <p className="faint">Tries people, networks, right and wrong answers and faults, and writes a test for each outcome that none covers.</p>
      </div>
      <div className="row tests-order">
        <Button size="small" icon={SearchX} disabled={running || cases.length === 0} onClick={() => runCommand('tests.mutate')}>
          Find unnoticed mistakes
        </Button>
        <p className="faint">Turns conditions round, drops and exchanges edges, one at a time, and names what no test notices. Your flows stay as they are.</p>
      </div>
      {mutation && <Unnoticed mutation={mutation} onShow={onShow} />}
    </section>
  )
}

function Unnoticed({ mutation, onShow }: { mutation: Mutation; onShow: (step: PathPlace) => void }) {
  const { tried, survived, unreached } = mutation
  return (
    <>
      <p role="status">
        {plural(tried, 'change')} tried: {tried - survived.length - unreached.length} noticed, {survived.length} unnoticed, {unreached.length} where no test comes.
      </p>
      <Mutants title="Unnoticed" list={survived} onShow={onShow} />
      <Mutants title="Where no test comes" list={unreached} onShow={onShow} />
    </>
  )
}

function Mutants({ title, list, onShow }: { title: string; list: Mutant[]; onShow: (step: PathPlace) => void }) {
  if (list.length === 0) return null
  return (
    <>
      <h4 className="section-title">{title}</h4>
      <ul className="bare-list">
        {list.map(({ flow, block, what }) => (
          <li key={`${flow}.${block} ${what}`} className="tests-mutant">
            <PathStep step={{ flow, block }} onShow={onShow} />
            <span className="faint small-text">{what}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
