// Choosing blocks by how they hang together: what leads to them, and what they
// lead to.
import type { Flow } from '../engine'
import { edgesOf } from './model'

/** The given blocks and every block from which a run can come to one of them. */
export function upstream(flow: Flow, ids: string[]): string[] {
  return spread(flow, ids, 'to', 'from')
}

/** The given blocks and every block to which a run can go on from one of them. */
export function downstream(flow: Flow, ids: string[]): string[] {
  return spread(flow, ids, 'from', 'to')
}

function spread(flow: Flow, ids: string[], here: 'from' | 'to', there: 'from' | 'to'): string[] {
  const beside = new Map<string, string[]>()
  for (const edge of edgesOf(flow)) {
    if (!flow.blocks[edge.to]) continue
    const list = beside.get(edge[here])
    if (list) list.push(edge[there])
    else beside.set(edge[here], [edge[there]])
  }
  const seen = new Set(ids.filter((id) => flow.blocks[id]))
  const queue = [...seen]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const next of beside.get(id) ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      queue.push(next)
    }
  }
  return [...seen]
}
