// One contract: what it says, the verdict, and the path that breaks it.
import { Brush, FlaskConical, Pencil, Trash2 } from 'lucide-react'
import { contractKey, dropContract, paintContract, saveCounterexample, useContracts, type Contract, type ContractResult } from '../engine'
import { ask, attempt, Button, notify, PathStep, Switch, type PathPlace } from '../ui'
import { sentence } from './sentence'

interface DetailProps {
  contract: Contract
  result: ContractResult | undefined
  onEdit: () => void
  onShow: (step: PathPlace) => void
}

const words = { proved: 'Proved', refuted: 'Refuted', unknown: 'Unknown' }

export function ContractDetail({ contract, result, onEdit, onShow }: DetailProps) {
  const drop = () =>
    ask({
      title: 'Take the contract back?',
      text: `Nothing will watch over “${contract.name}” any more.`,
      yes: 'Take it back',
      danger: true,
      run: () => attempt(() => dropContract(contract.file ?? '', contract.name)),
    })
  return (
    <div className="col contract-detail">
      <h2>{contract.name}</h2>
      <p className="contract-sentence">{sentence(contract)}</p>
      {contract.about && <p className="dim">{contract.about}</p>}
      <p className="faint mono">
        {contract.file}:{contract.line}
      </p>
      <div className="row contract-actions">
        <Button size="small" icon={Pencil} onClick={onEdit}>
          Change
        </Button>
        <Button size="small" icon={Trash2} onClick={drop}>
          Take back
        </Button>
      </div>
      {result ? (
        <>
          <h3 className={`contract-verdict ${result.verdict}`}>{words[result.verdict]}</h3>
          {result.reason && <p>{result.reason}</p>}
          {result.states > 0 && <p className="faint">{result.states} states were looked at.</p>}
          {result.path.length > 0 && <Path contract={contract} result={result} onShow={onShow} />}
        </>
      ) : (
        <p className="faint">It has not been proven yet.</p>
      )}
    </div>
  )
}

function Path({ contract, result, onShow }: { contract: Contract; result: ContractResult; onShow: (step: PathPlace) => void }) {
  const key = contractKey(contract)
  const painted = useContracts((state) => state.painted === key)
  const paint = (on: boolean) => {
    paintContract(on ? key : null)
    const first = result.path[0]
    if (on && first) onShow(first)
  }
  const save = () =>
    attempt(async () => {
      await saveCounterexample(contract.file ?? '', contract.name)
      notify.good('The path has run, and is a test now: it stands under Tests.')
    })
  return (
    <>
      <h3 className="section-title">{result.verdict === 'refuted' ? 'The shortest path that breaks it' : 'A path that may break it'}</h3>
      <div className="row contract-actions">
        <label className="row contract-paint">
          <Switch label="Paint it on the canvas" checked={painted} onChange={paint} />
          <Brush size={14} aria-hidden />
          <span>Paint it on the canvas</span>
        </label>
        <Button size="small" icon={FlaskConical} onClick={save}>
          Save as a test
        </Button>
      </div>
      <ol className="bare-list contract-path">
        {result.path.map((step, i) => (
          <li key={`${i}-${step.flow}-${step.block}`}>
            <PathStep step={step} onShow={onShow} />
            {step.values?.map((v) => (
              <span key={v.term} className="contract-value">
                <span className="mono">{v.term}</span> is {v.is}
              </span>
            ))}
          </li>
        ))}
      </ol>
    </>
  )
}
