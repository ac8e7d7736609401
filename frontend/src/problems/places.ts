// Going to where a problem is, and from one to the next.
import { allProblems, useProblems, type Problem } from '../engine'
import { fileTab, flowTab, goToBlock, goToLine, openTab } from '../document'
import { announce, attempt } from '../ui'

export function goToPlace(problem: Problem): void {
  const { flow, block, file, line } = problem
  if (flow && block) attempt(() => goToBlock(flow, block))
  else if (file && !file.startsWith('flows/')) {
    openTab(fileTab(file))
    goToLine(file, line ?? 1)
  } else if (flow) openTab(flowTab(flow))
}

let at = -1

/** F8 and Shift+F8: the next or previous problem, all round. */
export function stepProblem(by: 1 | -1): void {
  const problems = allProblems(useProblems.getState())
  if (problems.length === 0) {
    announce('No problems')
    return
  }
  at = (at + by + problems.length) % problems.length
  const problem = problems[at]!
  goToPlace(problem)
  announce(`${problem.severity}, ${problem.block ?? problem.file ?? ''}: ${problem.message}`)
}
