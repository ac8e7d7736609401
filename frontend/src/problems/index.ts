export { ProblemsPanel } from './ProblemsPanel'
export { SuppressDialog } from './SuppressDialog'
export { problemCommands } from './commands'
export { stepProblem } from './places'
