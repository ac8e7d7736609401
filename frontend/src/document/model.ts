// The document that a person edits: a flow and where its blocks stand. Documents
// are never changed in place; an edit answers a new one that shares the rest.
import type { Block, Flow, Layout } from '../engine'

export interface Doc {
  flow: Flow
  layout: Layout
}

export interface Point {
  x: number
  y: number
}

export interface Edge {
  /** `${from}:${port}`: a port leads to one block at most. */
  id: string
  from: string
  port: string
  to: string
}

export function edgeId(from: string, port: string): string {
  return `${from}:${port}`
}

export function edgesOf(flow: Pick<Flow, 'blocks'>): Edge[] {
  const edges: Edge[] = []
  for (const [from, block] of Object.entries(flow.blocks)) {
    for (const [port, to] of Object.entries(block.next ?? {})) {
      if (to) edges.push({ id: edgeId(from, port), from, port, to })
    }
  }
  return edges
}

export function findEdge(flow: Flow, id: string): Edge | undefined {
  const colon = id.indexOf(':')
  const from = id.slice(0, colon)
  const port = id.slice(colon + 1)
  const to = flow.blocks[from]?.next?.[port]
  return to ? { id, from, port, to } : undefined
}

/** Edges that lead to any of the given blocks. */
export function edgesInto(flow: Flow, ids: ReadonlySet<string>): Edge[] {
  return edgesOf(flow).filter((edge) => ids.has(edge.to))
}

/** The document with one block replaced. */
export function withBlock(doc: Doc, id: string, change: (block: Block) => Block): Doc {
  const block = doc.flow.blocks[id]
  if (!block) return doc
  const next = change(block)
  if (next === block) return doc
  return { ...doc, flow: { ...doc.flow, blocks: { ...doc.flow.blocks, [id]: next } } }
}

/** A block with one port led elsewhere, or nowhere when `to` is null. */
export function wire(block: Block, port: string, to: string | null): Block {
  const next = { ...block.next }
  if (to === null) delete next[port]
  else next[port] = to
  if (Object.keys(next).length > 0) return { ...block, next }
  const bare = { ...block }
  delete bare.next
  return bare
}

export function withPlace(doc: Doc, id: string, at: Point): Doc {
  return { ...doc, layout: { ...doc.layout, blocks: { ...doc.layout.blocks, [id]: { x: Math.round(at.x), y: Math.round(at.y) } } } }
}

/** True when the two documents would be written as the same files. */
export function sameDoc(a: Doc, b: Doc): boolean {
  return same(a, b)
}

/** Documents share what did not change, so most of this ends at once. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object' || Array.isArray(a) !== Array.isArray(b)) return false
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>]
  // What is undefined is not written.
  for (const key in x) if (!same(x[key], y[key])) return false
  for (const key in y) if (x[key] === undefined && y[key] !== undefined) return false
  return true
}
