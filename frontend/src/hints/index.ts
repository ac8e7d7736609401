// The front of this folder: the hints of the first minute.
export { Hints } from './Hints'
