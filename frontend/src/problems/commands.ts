// What can be done with the problem that is looked at.
import { allProblems, useProblems } from '../engine'
import { activeFlow } from '../document'
import type { Command } from '../commands'
import { fixesOf, fixFlow, fixProblem } from './fixing'
import { askReason } from './SuppressDialog'
import { chosenProblem, toggleExplained } from './view'

const fixable = () => chosenProblem()?.fix !== undefined && chosenProblem()?.flow !== undefined

const fixesInFront = () => {
  const slug = activeFlow()
  return slug === null ? 0 : fixesOf(allProblems(useProblems.getState()), slug).length
}

export const problemCommands: Command[] = [
  {
    id: 'problems.fix',
    title: () => `Fix this problem${fixable() ? `: ${chosenProblem()?.fix?.title ?? ''}` : ''}`,
    menu: 'Edit',
    group: 5,
    keys: ['Mod+.'],
    inText: true,
    when: fixable,
    run: async () => {
      const problem = chosenProblem()
      if (problem) await fixProblem(problem)
    },
  },
  {
    id: 'problems.fixFlow',
    title: 'Carry out all safe fixes in this flow',
    menu: 'Edit',
    group: 5,
    when: () => fixesInFront() > 0,
    run: async () => {
      const slug = activeFlow()
      if (slug !== null) await fixFlow(slug)
    },
  },
  {
    id: 'problems.suppress',
    title: 'Suppress this problem, with a reason…',
    when: () => (chosenProblem()?.severity ?? 'error') !== 'error',
    run: () => {
      const problem = chosenProblem()
      if (problem) askReason(problem)
    },
  },
  {
    id: 'problems.explain',
    title: 'Explain this problem',
    when: () => chosenProblem() !== undefined,
    run: () => {
      const problem = chosenProblem()
      if (problem) toggleExplained(problem)
    },
  },
]
