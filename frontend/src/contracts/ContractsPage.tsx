// The project's promises: each is proven over all paths, or refuted with a path
// that can be painted on the canvas and kept as a test.
import { CircleCheck, CircleDashed, CircleHelp, CircleX, Plus, RefreshCw, ScrollText } from 'lucide-react'
import { useEffect, useState } from 'react'
import { chooseContract, contractKey, loadContracts, proveContracts, useContracts, type Contract, type ContractResult } from '../engine'
import { openText } from '../editor'
import { announce, attempt, Button, Empty, Filed, FiledList, FiledRow, PageHead, Unreadable, type PathPlace } from '../ui'
import { ContractDetail } from './ContractDetail'
import { ContractForm } from './ContractForm'
import './contracts.css'

export function ContractsPage({ onShow }: { onShow: (step: PathPlace) => void }) {
  const { contracts, unreadable, results, proving, chosen } = useContracts()
  const [editing, setEditing] = useState<Contract | 'new' | null>(null)
  useEffect(() => attempt(loadContracts), [results])
  const prove = () =>
    attempt(async () => {
      await loadContracts()
      const all = await proveContracts()
      announce(`${all.filter((r) => r.verdict === 'proved').length} contracts proved, ${all.filter((r) => r.verdict === 'refuted').length} refuted, ${all.filter((r) => r.verdict === 'unknown').length} unknown.`)
    })
  const files = [...new Set(contracts.map((c) => c.file ?? ''))]
  const contract = contracts.find((c) => contractKey(c) === chosen)
  return (
    <div className="col grow">
      <PageHead title="Contracts" text="Promises about the flows, proven over all their paths: errors, time-outs and cancelled pages too. They stand below contracts/ of the project; authflow check proves the same, and a bundle with a refuted one is not exported.">
        <Button icon={RefreshCw} disabled={proving || contracts.length === 0} onClick={prove}>
          {proving ? 'Proving…' : 'Prove again'}
        </Button>
        <Button look="primary" icon={Plus} onClick={() => setEditing('new')}>
          New contract
        </Button>
      </PageHead>
      <Unreadable texts={unreadable} />
      {contracts.length === 0 ? (
        <Empty
          icon={ScrollText}
          title="Nothing is promised yet"
          actions={
            <Button look="primary" icon={Plus} onClick={() => setEditing('new')}>
              New contract
            </Button>
          }
        >
          Begin with what must never happen, such as a session without a second factor. The flows are then watched while you draw.
        </Empty>
      ) : (
        <Filed
          label="Contracts"
          sideLabel="The contract"
          side={
            contract ? (
              <ContractDetail contract={contract} result={results[contractKey(contract)]} onEdit={() => setEditing(contract)} onShow={onShow} />
            ) : (
              <p className="faint">Choose a contract to see what it says and what was found.</p>
            )
          }
        >
          {files.map((file) => (
            <FiledList key={file} file={file} onEdit={file === '' ? undefined : () => openText(file)}>
              {contracts
                .filter((c) => (c.file ?? '') === file)
                .map((c) => (
                  <FiledRow key={contractKey(c)} mark={<Mark result={results[contractKey(c)]} />} name={c.name} chosen={contractKey(c) === chosen} onChoose={() => chooseContract(contractKey(c))} />
                ))}
            </FiledList>
          ))}
        </Filed>
      )}
      {editing !== null && <ContractForm start={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </div>
  )
}

function Mark({ result }: { result: ContractResult | undefined }) {
  if (!result) return <CircleDashed size={16} className="faint" aria-label="not proven" />
  if (result.verdict === 'proved') return <CircleCheck size={16} className="mark-good" aria-label="proved" />
  if (result.verdict === 'refuted') return <CircleX size={16} className="mark-bad" aria-label="refuted" />
  return <CircleHelp size={16} className="mark-unsure" aria-label="unknown" />
}
