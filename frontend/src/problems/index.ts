export { ProblemsPanel } from './ProblemsPanel'
export { stepProblem } from './places'
