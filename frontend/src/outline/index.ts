// The front of this folder.
export { OutlinePanel } from './OutlinePanel'
