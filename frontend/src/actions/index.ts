export { ActionEditor } from './ActionEditor'
