export { TestsPage } from './TestsPage'
export { testCommands } from './commands'
