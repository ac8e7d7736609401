export { ContractsPage } from './ContractsPage'
