export { HttpPanel } from './HttpPanel'
