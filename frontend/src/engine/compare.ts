// The version that the flow in front is compared with, and what has changed since,
// as the canvas asks.
import { create } from 'zustand'
import type { Compared } from './compare-types'
import type { Change } from './debugging'

/** Where the other version comes from. */
export interface Against {
  kind: 'revision' | 'bundle' | 'folder'
  value: string
  /** In words: a commit's subject, a file's name. */
  label: string
}

export type CompareMark = 'cmp-added' | 'cmp-changed' | 'cmp-moved'

interface CompareState {
  slug: string | null
  against: Against | null
  result: Compared | null
  /** Why the other version could not be read. */
  problem: string | null
  blocks: Map<string, CompareMark>
  /** Edges that are new or lead elsewhere, as block:port. */
  edges: Set<string>
  /** The change that a person looks at. */
  chosen: number | null
}

const none: CompareState = { slug: null, against: null, result: null, problem: null, blocks: new Map(), edges: new Set(), chosen: null }

export const useCompare = create<CompareState>()(() => none)

export function stopComparing(): void {
  useCompare.setState(none)
}

export function beginComparing(slug: string, against: Against): void {
  useCompare.setState({ ...none, slug, against })
}

export function takeCompared(result: Compared): void {
  const blocks = new Map<string, CompareMark>()
  const edges = new Set<string>()
  for (const change of result.changes) {
    if (change.part === 'edge' && change.kind !== 'removed') edges.add(`${change.block}:${change.port}`)
    const mark = markOf(change)
    if (change.block && mark && rank[mark] > rank[blocks.get(change.block) ?? 'none']) blocks.set(change.block, mark)
  }
  useCompare.setState((state) => ({ result, problem: null, blocks, edges, chosen: state.chosen !== null && state.chosen < result.changes.length ? state.chosen : null }))
}

const rank = { none: 0, 'cmp-moved': 1, 'cmp-changed': 2, 'cmp-added': 3 }

function markOf(change: Change): CompareMark | null {
  if (change.kind === 'moved') return 'cmp-moved'
  if (change.part === 'block' && change.kind === 'added') return 'cmp-added'
  if (change.part === 'block' && change.kind === 'removed') return null
  return change.block ? 'cmp-changed' : null
}

/** What the comparison says of a block of a flow. */
export function compareMark(state: CompareState, slug: string, block: string): CompareMark | '' {
  return state.slug === slug ? (state.blocks.get(block) ?? '') : ''
}

export function compareEdge(state: CompareState, slug: string, block: string, port: string): 'cmp-added' | '' {
  return state.slug === slug && state.edges.has(`${block}:${port}`) ? 'cmp-added' : ''
}
