export { BrowserPanel } from './BrowserPanel'
