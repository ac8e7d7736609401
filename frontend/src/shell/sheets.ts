// The sheet that lies over the window, one at a time.
import { create } from 'zustand'

export type Sheet = 'commands' | 'goto' | 'find' | 'shortcuts' | 'about' | 'new-flow' | 'new-action' | 'new-page' | 'open-folder' | 'import-agama'

const store = create<{ sheet: Sheet | null }>()(() => ({ sheet: null }))

export function openSheet(sheet: Sheet): void {
  store.setState({ sheet })
}

export function closeSheet(): void {
  store.setState({ sheet: null })
}

export function useSheet(): Sheet | null {
  return store((state) => state.sheet)
}
