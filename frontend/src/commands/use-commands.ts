// Commands as React state.
import { useEffect, useSyncExternalStore } from 'react'
import { allCommands, onCommandsChange, registerCommands, type Command } from './registry'

/** Keeps commands registered while the component stands. The list must be stable. */
export function useRegister(list: Command[]): void {
  useEffect(() => registerCommands(list), [list])
}

export function useCommandList(): Command[] {
  return useSyncExternalStore(onCommandsChange, allCommands)
}
