// Settings of the person: kept by Go between starts, mirrored here at once.
import { create } from 'zustand'
import { call } from './client'

export const useSettings = create<{ values: Record<string, unknown>; loaded: boolean }>()(() => ({ values: {}, loaded: false }))

export async function loadSettings(): Promise<void> {
  const values = await call('settings.get')
  useSettings.setState({ values, loaded: true })
}

/** One setting, with a fallback when it is absent or of another type. */
export function setting<T>(values: Record<string, unknown>, key: string, fallback: T): T {
  const value = values[key]
  return typeof value === typeof fallback && value !== null ? (value as T) : fallback
}

const pending = new Map<string, ReturnType<typeof setTimeout>>()

/** Writes at once what is still gathered: the window may be gone next. */
export function flushSettings(): void {
  for (const [key, timer] of pending) {
    clearTimeout(timer)
    write(key)
  }
}

function write(key: string): void {
  pending.delete(key)
  // A setting that could not be written is no reason to disturb anybody.
  call('settings.set', { key, value: useSettings.getState().values[key] }).catch(() => undefined)
}

/** Keeps a setting. Writes are gathered, so that a splitter can call it while it moves. */
export function keepSetting(key: string, value: unknown): void {
  useSettings.setState((state) => ({ values: { ...state.values, [key]: value } }))
  clearTimeout(pending.get(key))
  pending.set(
    key,
    setTimeout(() => write(key), 300),
  )
}
