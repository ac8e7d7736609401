// Commands as React state.
import { useSyncExternalStore } from 'react'
import { allCommands, onCommandsChange, type Command } from './registry'

export function useCommandList(): Command[] {
  return useSyncExternalStore(onCommandsChange, allCommands)
}
