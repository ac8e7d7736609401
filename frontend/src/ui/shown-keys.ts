// Which key stands beside the name of a command, wherever it is named. The
// registry of commands fills this in, so that a key that is bound anew shows
// everywhere at once, and no part of the window writes keys down by itself.
import { create } from 'zustand'

const useShown = create<Record<string, string>>()(() => ({}))

/** Takes the first chord of each command that has one. */
export function showKeys(keys: Record<string, string>): void {
  useShown.setState(keys, true)
}

/** The chord to show for a command; undefined where it has none. */
export function useShownKeys(command: string | undefined): string | undefined {
  return useShown((keys) => (command === undefined ? undefined : keys[command]))
}
