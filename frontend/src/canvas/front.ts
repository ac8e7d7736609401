// The flow in front, as commands of the canvas ask for it.
import { activeFlow, flowOf, type OpenFlow } from '../document'

export function frontFlow(): OpenFlow | undefined {
  const slug = activeFlow()
  return slug === null ? undefined : flowOf(slug)
}

export const hasFlow = () => frontFlow() !== undefined
export const hasBlocks = () => (frontFlow()?.blocks.length ?? 0) > 0
export const hasOne = () => frontFlow()?.blocks.length === 1

/** A command's work, done on the flow in front. */
export function onFlow(work: (open: OpenFlow) => void | Promise<void>): () => void | Promise<void> {
  return () => {
    const open = frontFlow()
    if (open) return work(open)
  }
}
