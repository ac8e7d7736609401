export { ComparePanel } from './ComparePanel'
export { CompareDialog } from './CompareDialog'
export { compareCommands } from './commands'
export { followComparing } from './comparing'
