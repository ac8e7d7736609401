// Collapsed frames: one card in the place of their blocks, with the wires that
// lead in and out. What is collapsed is kept with the layout, and means nothing
// to what runs (rule G1).
import type { Frame } from '../engine'
import type { Edit, Lookup } from './edits'
import { placeOf, type Lane } from './lanes'
import { edgesOf, type Doc, type Edge, type Point } from './model'
import { addFrame, pieceKey } from './pieces'
import { portsOf, type PortView } from './ports'
import { CARD_WIDTH, HEADER_HEIGHT, PORT_HEIGHT, PORTS_PAD, SUMMARY_HEIGHT } from './sizes'

export interface Group {
  id: string
  /** As the canvas names it: `@frame:<id>`. */
  key: string
  frame: Frame
  /** The blocks that it stands for; one of two collapsed frames belongs to the first. */
  blocks: string[]
  into: Edge[]
  out: Edge[]
}

const known = new WeakMap<Doc, Group[]>()

/** The collapsed frames of a document. */
export function groupsOf(doc: Doc): Group[] {
  const before = known.get(doc)
  if (before) return before
  const groups: Group[] = []
  const owner = new Map<string, Group>()
  for (const [id, frame] of Object.entries(doc.layout.frames ?? {})) {
    const blocks = frame.collapsed ? frame.blocks.filter((block) => doc.flow.blocks[block] && !owner.has(block)) : []
    if (blocks.length === 0) continue
    const group: Group = { id, key: pieceKey({ kind: 'frame', id }), frame, blocks, into: [], out: [] }
    groups.push(group)
    for (const block of blocks) owner.set(block, group)
  }
  if (groups.length > 0) {
    for (const edge of edgesOf(doc.flow)) {
      const [from, to] = [owner.get(edge.from), owner.get(edge.to)]
      if (from === to || !doc.flow.blocks[edge.to]) continue
      from?.out.push(edge)
      to?.into.push(edge)
    }
  }
  known.set(doc, groups)
  return groups
}

/** The card that stands for a block that is not drawn. */
export function groupOf(doc: Doc, block: string): Group | undefined {
  return groupsOf(doc).find((group) => group.blocks.includes(block))
}

/** Blocks that are not drawn, each with the key of the card that stands for it. */
export function hiddenBlocks(doc: Doc): Map<string, string> {
  return new Map(groupsOf(doc).flatMap((group) => group.blocks.map((block): [string, string] => [block, group.key])))
}

/** Where a group's card stands: where the upper left of its blocks is. */
export function groupPlace(doc: Doc, lanes: Lane[], group: Group): Point {
  const places = group.blocks.map((id) => placeOf(doc, lanes, id))
  return { x: Math.min(...places.map((at) => at.x)), y: Math.min(...places.map((at) => at.y)) }
}

/** One way out of a group: all wires that lead to one block. */
export interface WayOut {
  to: string
  edges: Edge[]
  title: string
  tone: PortView['tone']
  y: number
}

export interface GroupShape {
  width: number
  height: number
  ways: WayOut[]
}

export function groupShape(doc: Doc, group: Group, lookup: Lookup): GroupShape {
  const top = HEADER_HEIGHT + SUMMARY_HEIGHT + PORTS_PAD
  const targets = [...new Set(group.out.map((edge) => edge.to))]
  const ways = targets.map((to, index): WayOut => {
    const edges = group.out.filter((edge) => edge.to === to)
    const ports = edges.map((edge) => portOf(doc, edge, lookup))
    const tones = new Set(ports.map((port) => port?.tone ?? 'neutral'))
    const title = edges.length === 1 ? (ports[0]?.title ?? edges[0]!.port) : `${edges.length} ways to ${to}`
    return { to, edges, title, tone: tones.size === 1 ? [...tones][0]! : 'neutral', y: top + index * PORT_HEIGHT + PORT_HEIGHT / 2 }
  })
  return { width: CARD_WIDTH, height: top + ways.length * PORT_HEIGHT + PORTS_PAD, ways }
}

function portOf(doc: Doc, edge: Edge, lookup: Lookup): PortView | undefined {
  const block = doc.flow.blocks[edge.from]!
  return portsOf(block, lookup(block.type, block.config)).find((port) => port.id === edge.port)
}

/** "5 blocks · 2 ways in · 3 ways out" */
export function groupWords({ blocks, into, out }: Group): string {
  const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`
  return `${count(blocks.length, 'block', 'blocks')} · ${count(into.length, 'way in', 'ways in')} · ${count(out.length, 'way out', 'ways out')}`
}

export function collapse(id: string, collapsed: boolean): Edit {
  return {
    label: collapsed ? 'Collapse the frame' : 'Expand the frame',
    apply(doc) {
      const frame = doc.layout.frames?.[id]
      if (!frame || (frame.collapsed ?? false) === collapsed) return doc
      const next: Frame = { title: frame.title, blocks: frame.blocks, ...(collapsed && { collapsed }) }
      return { ...doc, layout: { ...doc.layout, frames: { ...doc.layout.frames, [id]: next } } }
    },
  }
}

/** A frame around blocks, collapsed at once. */
export function collapseBlocks(doc: Doc, blocks: string[]): { edit: Edit; key: string; id: string } {
  const framed = addFrame(doc, blocks)
  const id = framed.key.slice(framed.key.indexOf(':') + 1)
  return { id, key: framed.key, edit: { label: `Collapse ${blocks.length} blocks`, apply: (into) => collapse(id, true).apply(framed.edit.apply(into)) } }
}

/** The frame that a selection means: the first that is around any of it. */
export function frameAround(doc: Doc, blocks: string[]): string | undefined {
  return Object.entries(doc.layout.frames ?? {}).find(([, frame]) => blocks.some((id) => frame.blocks.includes(id)))?.[0]
}
