export { TokensPanel } from './TokensPanel'
