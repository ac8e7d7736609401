// Comparing: the other version is read once, and again with each edit.
import { beginComparing, call, stopComparing, takeCompared, useCompare, type Against, type Change } from '../engine'
import { edit, flowOf, useFlows, type Doc } from '../document'

let waiting: ReturnType<typeof setTimeout> | undefined

/** Holds a flow beside another version of itself. */
export function compareWith(slug: string, against: Against): void {
  beginComparing(slug, against)
}

async function refresh(): Promise<void> {
  const { slug, against } = useCompare.getState()
  const doc = slug === null ? undefined : flowOf(slug)?.doc
  if (slug === null || against === null || !doc) return
  try {
    const result = await call('compare.load', { slug, flow: doc.flow, layout: doc.layout, [against.kind]: against.value })
    if (useCompare.getState().against === against && flowOf(slug)?.doc === doc) takeCompared(result)
  } catch (error) {
    if (useCompare.getState().against === against) useCompare.setState({ problem: error instanceof Error ? error.message : String(error) })
  }
}

/** Follows edits of the flow that is compared; a flow that is closed is no longer. */
export function followComparing(): () => void {
  // Whoever begins one, such as the page of the bundles: the other version is read.
  const stopBegun = useCompare.subscribe((now, before) => {
    if (now.against !== null && now.against !== before.against) void refresh()
  })
  const stopEdits = useFlows.subscribe((state, before) => {
    const { slug } = useCompare.getState()
    if (slug === null || state.open[slug]?.doc === before.open[slug]?.doc) return
    if (!state.open[slug]) {
      stopComparing()
      return
    }
    clearTimeout(waiting)
    waiting = setTimeout(() => void refresh(), 250)
  })
  return () => {
    stopBegun()
    stopEdits()
  }
}

/** Makes the flow like the other version in one change, as one step of the history. */
export async function takeBack(change: Change): Promise<void> {
  const { slug, result } = useCompare.getState()
  const doc = slug === null ? undefined : flowOf(slug)?.doc
  if (slug === null || !doc || !result?.flow) return
  if (change.kind === 'moved') {
    const place = result.layout?.blocks[change.block ?? '']
    if (place) edit(slug, { label: `Take back: ${change.text}`, apply: (now) => placed(now, change.block ?? '', place) })
    return
  }
  const flow = await call('compare.take', { flow: doc.flow, other: result.flow, change })
  const layout = result.layout
  edit(slug, {
    label: `Take back: ${change.text}`,
    apply: (now) => {
      const blocks = Object.fromEntries(Object.keys(flow.blocks).flatMap((id) => {
        const at = now.layout.blocks[id] ?? layout?.blocks[id]
        return at ? [[id, at]] : []
      }))
      return { ...now, flow, layout: { ...now.layout, blocks } }
    },
  })
}

function placed(doc: Doc, id: string, at: { x: number; y: number }): Doc {
  return { ...doc, layout: { ...doc.layout, blocks: { ...doc.layout.blocks, [id]: at } } }
}
