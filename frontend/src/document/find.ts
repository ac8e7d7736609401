// Finding a text on a drawing: in names, settings, notes and frames.
import type { Block, Descriptor } from '../engine'
import { reachOrder } from './arrange'
import type { Lookup } from './edits'
import type { Doc } from './model'
import { pieceKey } from './pieces'

export interface Hit {
  /** A block's id, or the key of a note or frame. */
  key: string
  /** Where the text stands: "Condition: step.risk.level == 'high'". */
  where: string
}

/** Every block, note and frame that holds the text, blocks in the order of a run. */
export function findText(doc: Doc, text: string, lookup: Lookup): Hit[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return []
  const has = (value: string | undefined) => value !== undefined && value.toLowerCase().includes(wanted)
  const blocks = reachOrder(doc.flow).flatMap((id): Hit[] => {
    const block = doc.flow.blocks[id]!
    const where = inBlock(id, block, lookup(block.type, block.config), has)
    return where === null ? [] : [{ key: id, where }]
  })
  const notes = Object.entries(doc.layout.notes ?? {}).filter(([, note]) => has(note.text))
  const frames = Object.entries(doc.layout.frames ?? {}).filter(([, frame]) => has(frame.title))
  return [
    ...blocks,
    ...notes.map(([id, note]) => ({ key: pieceKey({ kind: 'note', id }), where: `Note: ${note.text}` })),
    ...frames.map(([id, frame]) => ({ key: pieceKey({ kind: 'frame', id }), where: `Frame: ${frame.title}` })),
  ]
}

function inBlock(id: string, block: Block, descriptor: Descriptor | undefined, has: (value: string | undefined) => boolean): string | null {
  if (has(block.label ?? descriptor?.title) || has(id) || has(block.type)) return 'Name'
  if (has(block.note)) return `Note: ${block.note}`
  for (const [name, value] of Object.entries(block.config ?? {})) {
    const title = descriptor?.fields.find((field) => field.name === name)?.title ?? name
    const found = has(title) ? title : inValue(value, has)
    if (found !== null) return found === title ? title : `${title}: ${found}`
  }
  for (const [port, to] of Object.entries(block.next ?? {})) if (has(port)) return `Outcome ${port}, which leads to ${to}`
  return null
}

/** The first text in a value, however deep, that holds what is looked for. */
function inValue(value: unknown, has: (value: string | undefined) => boolean): string | null {
  if (typeof value === 'string') return has(value) ? value : null
  if (typeof value === 'number' || typeof value === 'boolean') return has(String(value)) ? String(value) : null
  if (value === null || typeof value !== 'object') return null
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value) && has(key)) return key
    const found = inValue(item, has)
    if (found !== null) return found
  }
  return null
}
