// The flow as a list to be read: stages, their blocks in the order a run meets
// them, and where each outcome leads.
import type { Catalogue } from '../engine'
import { portsOf, reachOrder, stagesOf, type Doc, type Lookup } from '../document'

export interface OutlineItem {
  key: string
  level: 1 | 2 | 3
  text: string
  /** Said after the text, in a quieter voice. */
  aside?: string
  /** The block that it is, or belongs to. */
  block?: string
  /** The blocks of a frame. */
  blocks?: string[]
  /** Where Enter goes. */
  to?: string
  folds: boolean
}

export function outlineOf(doc: Doc, catalogue: Catalogue | null, lookup: Lookup): OutlineItem[] {
  const order = reachOrder(doc.flow)
  const items: OutlineItem[] = []
  const nameOf = (id: string) => {
    const block = doc.flow.blocks[id]
    return block ? (block.label ?? lookup(block.type, block.config)?.title ?? block.type) : `${id}, which is not there`
  }
  for (const stage of stagesOf(doc.flow, catalogue)) {
    const ids = order.filter((id) => doc.flow.blocks[id]?.stage === stage.id)
    items.push({ key: `stage:${stage.id}`, level: 1, text: stage.title, aside: `${ids.length} ${ids.length === 1 ? 'block' : 'blocks'}`, folds: ids.length > 0 })
    for (const id of ids) {
      const block = doc.flow.blocks[id]!
      const ports = portsOf(block, lookup(block.type, block.config))
      items.push({ key: `block:${id}`, level: 2, text: nameOf(id), aside: doc.flow.start === id ? `${id}, the first block` : id, block: id, folds: ports.length > 0 })
      for (const port of ports) {
        const to = block.next?.[port.id]
        items.push({ key: `port:${id}:${port.id}`, level: 3, text: port.title, aside: to ? `leads to ${nameOf(to)} (${to})` : 'leads nowhere', block: id, to: to && doc.flow.blocks[to] ? to : undefined, folds: false })
      }
    }
  }
  for (const note of Object.values(doc.layout.notes ?? {})) if (note.text) items.push({ key: `note:${note.text}`, level: 1, text: `Note: ${note.text}`, folds: false })
  for (const [id, frame] of Object.entries(doc.layout.frames ?? {})) {
    items.push({ key: `frame:${id}`, level: 1, text: `Frame: ${frame.title}`, aside: `${frame.collapsed ? 'collapsed, ' : ''}${frame.blocks.join(', ')}`, blocks: frame.blocks.filter((block) => doc.flow.blocks[block]), folds: false })
  }
  return items
}

/** What is in sight: nothing below a folded item. */
export function unfolded(items: OutlineItem[], folded: ReadonlySet<string>): OutlineItem[] {
  let below = Infinity
  return items.filter((item) => {
    if (item.level > below) return false
    below = folded.has(item.key) ? item.level : Infinity
    return true
  })
}
