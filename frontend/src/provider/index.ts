export { ProviderPage } from './ProviderPage'
