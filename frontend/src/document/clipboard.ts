// Blocks as text: a versioned JSON form that can be pasted into another flow,
// another window, or a chat.
import type { Block } from '../engine'
import { freshId } from './ids'
import { withBlock, withPlace, wire, type Doc, type Point } from './model'
import type { Edit } from './edits'

interface Copied {
  authflow: 'blocks'
  format: 1
  blocks: Record<string, Block>
  layout: Record<string, Point>
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

/** Reads copied blocks; null when the text is something else. */
export function parseCopied(text: string): Copied | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const copied = value as Partial<Copied> | null
  if (!copied || copied.authflow !== 'blocks' || copied.format !== 1) return null
  if (typeof copied.blocks !== 'object' || copied.blocks === null) return null
  const sound = Object.values(copied.blocks).every((b) => b && typeof b.type === 'string' && typeof b.stage === 'string')
  return sound ? { authflow: 'blocks', format: 1, blocks: copied.blocks, layout: copied.layout ?? {} } : null
}

/** Pastes copied blocks: new ids, wires among them kept, wires to others dropped. */
export function pasteBlocks(doc: Doc, copied: Copied, stages: string[], shift: number): { edit: Edit; ids: string[] } {
  const taken = new Set(Object.keys(doc.flow.blocks))
  const renamed = new Map<string, string>()
  for (const id of Object.keys(copied.blocks)) {
    const fresh = taken.has(id) ? freshId(id.replace(/_\d+$/, ''), taken) : id
    taken.add(fresh)
    renamed.set(id, fresh)
  }
  const ids = [...renamed.values()]
  const edit: Edit = {
    label: ids.length === 1 ? 'Paste block' : `Paste ${ids.length} blocks`,
    apply(into) {
      let next = into
      for (const [id, block] of Object.entries(copied.blocks)) {
        const fresh = renamed.get(id)!
        const stage = stages.includes(block.stage) ? block.stage : (stages[0] ?? block.stage)
        next = { ...next, flow: { ...next.flow, blocks: { ...next.flow.blocks, [fresh]: { ...block, stage } } } }
        for (const [port, to] of Object.entries(block.next ?? {})) {
          next = withBlock(next, fresh, (b) => wire(b, port, renamed.get(to) ?? null))
        }
        const place = copied.layout[id] ?? { x: 0, y: 0 }
        next = withPlace(next, fresh, { x: place.x + shift, y: place.y + shift })
      }
      return next.flow.start ? next : { ...next, flow: { ...next.flow, start: ids[0] ?? '' } }
    },
  }
  return { edit, ids }
}
