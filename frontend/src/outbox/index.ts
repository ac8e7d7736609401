export { OutboxPanel } from './OutboxPanel'
