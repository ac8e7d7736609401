// The way into subflows: which block of which flow one came through, so that one
// finds back. It lasts as long as the window.
import { create } from 'zustand'
import type { Block } from '../engine'
import { flowTab, goToBlock, openTab } from './tabs'

export interface Crumb {
  slug: string
  block: string
}

/** The way to each flow that was entered through a block. */
export const useTrail = create<{ ways: Record<string, Crumb[]> }>()(() => ({ ways: {} }))

/** The flow that a block runs; null when it runs none, or computes its name. */
export function subflowOf(block: Block | undefined): string | null {
  const name = block?.type === 'run_flow' ? block.config?.flow : undefined
  return typeof name === 'string' && name !== '' && !name.includes('{{') ? name : null
}

export function drillInto(slug: string, block: string, subflow: string): void {
  useTrail.setState(({ ways }) => {
    const way = (ways[slug] ?? []).filter((crumb) => crumb.slug !== subflow)
    return { ways: { ...ways, [subflow]: [...way, { slug, block }] } }
  })
  openTab(flowTab(subflow))
}

/** Back to the block that one came through. */
export async function climbOut(slug: string): Promise<void> {
  const last = useTrail.getState().ways[slug]?.at(-1)
  if (last) await goToBlock(last.slug, last.block, true)
}
