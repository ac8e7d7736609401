// The front of this folder: the registry and what is drawn from it.
export * from './registry'
export * from './run'
export * from './use-command-list'
export * from './search'
export * from './Picker'
export * from './CommandPalette'
export * from './Shortcuts'
export * from './MenuBar'
