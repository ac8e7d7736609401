// The front of this folder.
export { Canvas } from './Canvas'
export { canvasCommands } from './commands'
export { addNear, connectPorts } from './gestures'
export { useView, viewHandle } from './view'
