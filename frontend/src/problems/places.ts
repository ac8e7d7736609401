// Going to where a problem is, and from one to the next.
import { runCommand } from '../commands'
import { chooseContract, contractKey, useContracts, type Problem } from '../engine'
import { fileTab, flowTab, goToBlock, goToLine, openTab } from '../document'
import { announce, attempt } from '../ui'
import { choose, keyOfProblem, listed, useView } from './view'

export function goToPlace(problem: Problem): void {
  const { flow, block, file, line } = problem
  const contract = contractOf(problem)
  if (contract) {
    chooseContract(contract)
    runCommand('view.section.contracts')
  } else if (flow && block) attempt(() => goToBlock(flow, block))
  else if (file && !file.startsWith('flows/')) {
    openTab(fileTab(file))
    goToLine(file, line ?? 1)
  } else if (flow) openTab(flowTab(flow))
}

/** The contract that is refuted, or that nobody can decide: the page of contracts shows its path. */
function contractOf({ code, file, line }: Problem): string | undefined {
  if (code !== 'contract_refuted' && code !== 'contract_unknown') return undefined
  const result = Object.values(useContracts.getState().results).find((r) => r.file === file && r.line === line)
  return result && contractKey(result)
}

/** F8 and Shift+F8: the next or previous problem that is listed, all round. */
export function stepProblem(by: 1 | -1): void {
  const problems = listed()
  if (problems.length === 0) {
    announce('No problems')
    return
  }
  const { chosen } = useView.getState()
  const at = problems.findIndex((problem) => keyOfProblem(problem) === chosen)
  const problem = problems[at < 0 ? (by > 0 ? 0 : problems.length - 1) : (at + by + problems.length) % problems.length]!
  choose(problem)
  goToPlace(problem)
  announce(`${problem.severity}, ${problem.block ?? problem.file ?? ''}: ${problem.message}`)
}
