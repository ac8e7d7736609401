// The project's contracts, the last verdicts on them, and the path of one that is
// painted on the canvas.
import { create } from 'zustand'
import { call, on } from './client'
import type { Contract, ContractList, ContractResult, ContractStep } from './contract-types'

interface ContractsState extends ContractList {
  results: Record<string, ContractResult>
  proving: boolean
  /** The contract that is looked at, by key. */
  chosen: string | null
  /** The contract whose path is painted, by key. */
  painted: string | null
  /** Blocks and outcomes of the painted path, by flow, as the canvas asks. */
  path: Map<string, { blocks: Set<string>; ports: Set<string>; last: string }> | null
}

const none: ContractsState = { contracts: [], unreadable: [], effects: [], words: [], values: {}, results: {}, proving: false, chosen: null, painted: null, path: null }

export const useContracts = create<ContractsState>()(() => none)

/** What tells one contract from another: its file and name. */
export const contractKey = (contract: { file?: string; name: string }): string => `${contract.file ?? ''}#${contract.name}`

export async function loadContracts(): Promise<void> {
  useContracts.setState(await call('contracts.list', {}))
}

export async function proveContracts(): Promise<ContractResult[]> {
  useContracts.setState({ proving: true })
  try {
    const { results } = await call('contracts.prove', {})
    take(results)
    return results
  } finally {
    useContracts.setState({ proving: false })
  }
}

export async function saveContract(file: string, old: string, contract: Contract): Promise<void> {
  const { results } = await call('contracts.save', { file, old, contract })
  await loadContracts()
  take(results)
}

export async function dropContract(file: string, name: string): Promise<void> {
  const { results } = await call('contracts.drop', { file, name })
  await loadContracts()
  take(results)
}

/** Makes a test of the path that breaks a contract; answers its file. */
export async function saveCounterexample(file: string, name: string): Promise<string> {
  return (await call('contracts.save_counterexample', { file, name })).path
}

export function chooseContract(chosen: string | null): void {
  useContracts.setState({ chosen })
}

export function paintContract(key: string | null): void {
  useContracts.setState((state) => painting(state.results, key))
}

/** What stood there belongs to a project that is no longer open. */
export function clearContracts(): void {
  useContracts.setState(none)
}

function take(list: ContractResult[]): void {
  const results = Object.fromEntries(list.map((r) => [contractKey(r), r]))
  useContracts.setState((state) => ({ results, ...painting(results, state.painted) }))
}

function painting(results: Record<string, ContractResult>, key: string | null): Pick<ContractsState, 'painted' | 'path'> {
  const steps = key === null ? [] : (results[key]?.path ?? [])
  return steps.length === 0 ? { painted: null, path: null } : { painted: key, path: byFlow(steps) }
}

function byFlow(steps: ContractStep[]): NonNullable<ContractsState['path']> {
  const map: NonNullable<ContractsState['path']> = new Map()
  const end = steps.at(-1)
  for (const { flow, block, port } of steps) {
    const at = map.get(flow) ?? { blocks: new Set<string>(), ports: new Set<string>(), last: end?.flow === flow ? end.block : '' }
    at.blocks.add(block)
    if (port) at.ports.add(`${block}:${port}`)
    map.set(flow, at)
  }
  return map
}

// They are proven anew after each change, while one draws.
on('contracts', ({ results }) => take(results))
