// The value whose writers and readers are painted on the drawing.
import { create } from 'zustand'

interface UsesState {
  slug: string
  path: string | null
  writes: ReadonlySet<string>
  reads: ReadonlySet<string>
}

const nobody: ReadonlySet<string> = new Set()

export const useUses = create<UsesState>()(() => ({ slug: '', path: null, writes: nobody, reads: nobody }))

/** Asks for a value to be painted; the canvas finds out who uses it, again at each change. */
export function showUses(slug: string, path: string): void {
  useUses.setState({ slug, path, writes: nobody, reads: nobody })
}

export function hideUses(): void {
  useUses.setState({ path: null, writes: nobody, reads: nobody })
}

export type UsesMark = '' | 'uses-writes' | 'uses-reads' | 'uses-both'

export const usesWords: Record<Exclude<UsesMark, ''>, string> = { 'uses-writes': 'writes it', 'uses-reads': 'reads it', 'uses-both': 'reads and writes it' }

export function usesMark(state: UsesState, slug: string, id: string): UsesMark {
  if (state.path === null || state.slug !== slug) return ''
  const writes = state.writes.has(id)
  if (!state.reads.has(id)) return writes ? 'uses-writes' : ''
  return writes ? 'uses-both' : 'uses-reads'
}
