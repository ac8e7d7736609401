// Which dialog of the debugger is open. Commands open them, from anywhere.
import { create } from 'zustand'

export type DebugSheet = 'force' | 'pin' | 'back' | 'edited' | 'record' | 'test' | 'replay'

export const useDebugSheet = create<{ sheet: DebugSheet | null }>()(() => ({ sheet: null }))

export function openDebugSheet(sheet: DebugSheet): void {
  useDebugSheet.setState({ sheet })
}

export function closeDebugSheet(): void {
  useDebugSheet.setState({ sheet: null })
}
