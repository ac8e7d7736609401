// The values that can be used at a block, asked for when they are needed.
import { useEffect, useState } from 'react'
import { call, useStudio, type ScopeValue } from '../../engine'
import { flowOf } from '../../document'
import { useBlockPlace } from '../context'

let cache = new WeakMap<object, Map<string, Promise<ScopeValue[]>>>()

// The header of an Action names outputs: with another header there are others.
useStudio.subscribe((now, before) => {
  if (now.project?.actions !== before.project?.actions) cache = new WeakMap()
})

function ask(slug: string, block: string): Promise<ScopeValue[]> {
  const flow = flowOf(slug)?.doc.flow
  if (!flow) return Promise.resolve([])
  const known = cache.get(flow) ?? new Map<string, Promise<ScopeValue[]>>()
  cache.set(flow, known)
  const asked = known.get(block) ?? call('flow.scope', { slug, flow, block }).catch(() => [])
  known.set(block, asked)
  return asked
}

/** Values in scope, the certain ones first; null until they are here. */
export function useScope(wanted: boolean): ScopeValue[] | null {
  const { slug, block } = useBlockPlace()
  const [values, setValues] = useState<ScopeValue[] | null>(null)
  useEffect(() => {
    if (!wanted) return
    let current = true
    void ask(slug, block).then((found) => {
      if (current) setValues([...found].sort((a, b) => Number(b.sure) - Number(a.sure)))
    })
    return () => {
      current = false
    }
  }, [wanted, slug, block])
  return values
}
