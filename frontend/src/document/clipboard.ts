// Blocks as text: a versioned JSON form that can be pasted into another flow,
// another window, or a chat. Go reads it back (flow.paste), for it knows where
// expressions name blocks.
import type { Block } from '../engine'
import { edgesOf, type Doc, type Point } from './model'
import type { Edit } from './edits'

interface Copied {
  authflow: 'blocks'
  format: 1
  blocks: Record<string, Block>
  layout: Record<string, Point>
}

export interface Pasted {
  blocks: Record<string, Block>
  places: Record<string, Point>
}

export function copyText(doc: Doc, ids: string[]): string {
  const copied: Copied = { authflow: 'blocks', format: 1, blocks: {}, layout: {} }
  for (const id of ids) {
    const block = doc.flow.blocks[id]
    if (!block) continue
    copied.blocks[id] = block
    copied.layout[id] = doc.layout.blocks[id] ?? { x: 0, y: 0 }
  }
  return JSON.stringify(copied, null, 2)
}

/** Whether one of the ids was taken since they were given. */
export function clashes(doc: Doc, pasted: Pasted): boolean {
  return Object.keys(pasted.blocks).some((id) => id in doc.flow.blocks)
}

/** Puts read blocks into a flow, a little aside of where they were copied. */
export function pasteBlocks(pasted: Pasted, stages: string[], shift: number): Edit {
  const ids = Object.keys(pasted.blocks)
  return {
    label: ids.length === 1 ? 'Paste block' : `Paste ${ids.length} blocks`,
    apply(doc) {
      const blocks = { ...doc.flow.blocks }
      const places = { ...doc.layout.blocks }
      for (const [id, block] of Object.entries(pasted.blocks)) {
        const at = pasted.places[id] ?? { x: 0, y: 0 }
        blocks[id] = stages.includes(block.stage) ? block : { ...block, stage: stages[0] ?? block.stage }
        places[id] = { x: Math.round(at.x + shift), y: Math.round(at.y + shift) }
      }
      const flow = { ...doc.flow, blocks }
      return { flow: flow.start ? flow : { ...flow, start: beginning(pasted) }, layout: { ...doc.layout, blocks: places } }
    },
  }
}

/** Where an empty flow begins: at what nothing else leads to. */
function beginning({ blocks }: Pasted): string {
  const led = new Set(edgesOf({ blocks }).map((edge) => edge.to))
  const ids = Object.keys(blocks)
  return ids.find((id) => !led.has(id)) ?? ids[0] ?? ''
}
