// From the document to what React Flow draws. Sizes and handles are declared, so
// that what is out of sight is never rendered; a node that did not change keeps
// its identity, so that what is in sight is not rendered again.
import type { Block, Descriptor, Expansion } from '../engine'
import { cardShape, edgesOf, ERROR_PORT, ERROR_PORT_X, groupPlace, groupsOf, hiddenBlocks, IN_PORT_Y, placeOf, portsOf, START_EDGE, titleOf, type CardShape, type Doc, type Lane, type Lookup, type Point, type PortView } from '../document'
import type { GhostNode } from './GhostCard'
import type { FrameNode, GroupNode, NoteNode } from './pieces'
import { Position, type DrawnEdge, type DrawnNode } from './xyflow'

export type CardNode = DrawnNode<{ slug: string; block: Block; descriptor: Descriptor | undefined; shape: CardShape; locked: string | null; expanded: Expansion | undefined }, 'block'>
export type StartNode = DrawnNode<Record<string, never>, 'start'>
export type CanvasNode = CardNode | StartNode | GhostNode | NoteNode | FrameNode | GroupNode
export type WireEdge = DrawnEdge<{ slug: string; tone: PortView['tone']; down: boolean; channel: number }, 'wire'>

export const START_NODE = '@start'
const START_SIZE = 28
const START_GAP = 50
const HANDLE = 12

interface Inputs {
  slug: string
  doc: Doc
  lanes: Lane[]
  selected: ReadonlySet<string>
  /** Where cards are while they are dragged. */
  held: ReadonlyMap<string, Point> | null
  lookup: Lookup
  lockOf: (id: string) => string | null
}

/** Draws documents again and again, reusing what stayed as it was. */
export class NodeDrawer {
  private readonly cards = new Map<string, CardNode>()
  private start: StartNode | null = null

  draw(inputs: Inputs): CanvasNode[] {
    const { doc, held, lanes } = inputs
    const nodes: CanvasNode[] = []
    const hidden = hiddenBlocks(doc)
    for (const id of Object.keys(doc.flow.blocks)) {
      if (hidden.has(id)) continue
      const at = held?.get(id) ?? placeOf(doc, lanes, id)
      nodes.push(this.card(id, at, inputs))
    }
    for (const id of this.cards.keys()) if (!doc.flow.blocks[id]) this.cards.delete(id)
    const first = firstPlace(inputs, hidden.get(doc.flow.start)) ?? this.cards.get(doc.flow.start)?.position
    if (first) nodes.push(this.startMark(first))
    return nodes
  }

  private card(id: string, at: Point, { slug, doc, selected, lookup, lockOf }: Inputs): CardNode {
    const block = doc.flow.blocks[id]!
    const descriptor = lookup(block.type, block.config)
    const locked = lockOf(id)
    const expanded = doc.layout.expanded?.[id]
    const old = this.cards.get(id)
    if (old && old.data.block === block && old.data.descriptor === descriptor && old.data.locked === locked && old.data.expanded === expanded && old.data.slug === slug) {
      if (old.position.x === at.x && old.position.y === at.y && old.selected === selected.has(id)) return old
      const moved: CardNode = { ...old, position: at, selected: selected.has(id) }
      this.cards.set(id, moved)
      return moved
    }
    const shape = cardShape(block, descriptor, expanded)
    const size = { width: shape.width, height: shape.height }
    const node: CardNode = {
      id,
      type: 'block',
      position: at,
      selected: selected.has(id),
      data: { slug, block, descriptor, shape, locked, expanded },
      ...size,
      measured: size,
      handles: handlesOf(shape),
      ariaLabel: spoken(id, block, descriptor) + (expanded ? ' Expanded: its flow is shown inside.' : ''),
    }
    this.cards.set(id, node)
    return node
  }

  private startMark(first: Point): StartNode {
    const at = { x: first.x - START_GAP, y: first.y + IN_PORT_Y - START_SIZE / 2 }
    if (this.start && this.start.position.x === at.x && this.start.position.y === at.y) return this.start
    const size = { width: START_SIZE, height: START_SIZE }
    this.start = {
      id: START_NODE,
      type: 'start',
      position: at,
      data: {},
      draggable: false,
      selectable: false,
      focusable: false,
      ...size,
      measured: size,
      handles: [{ id: 'out', type: 'source', position: Position.Right, x: START_SIZE - 2, y: START_SIZE / 2 - 1, width: 2, height: 2 }],
    }
    return this.start
  }
}

/** Where the card stands that hides the first block. */
function firstPlace({ doc, lanes, held }: Inputs, key: string | undefined): Point | undefined {
  const group = key === undefined ? undefined : groupsOf(doc).find((g) => g.key === key)
  return group && (held?.get(group.key) ?? groupPlace(doc, lanes, group))
}

function handlesOf(shape: CardShape): CardNode['handles'] {
  const box = { width: HANDLE, height: HANDLE }
  const handles: NonNullable<CardNode['handles']> = [
    { id: 'in', type: 'target', position: Position.Left, x: -HANDLE / 2, y: IN_PORT_Y - HANDLE / 2, ...box },
    ...shape.ports.map(({ port, y }) => ({ id: port.id, type: 'source' as const, position: Position.Right, x: shape.width - HANDLE / 2, y: y - HANDLE / 2, ...box })),
  ]
  if (shape.error) {
    handles.push({ id: ERROR_PORT, type: 'source', position: Position.Bottom, x: ERROR_PORT_X - HANDLE / 2, y: shape.height - HANDLE / 2, ...box })
  }
  return handles
}

/** What a screen reader says of a card. */
function spoken(id: string, block: Block, descriptor: Descriptor | undefined): string {
  const title = block.label ?? descriptor?.title ?? block.type
  const ways = Object.entries(block.next ?? {}).map(([port, to]) => `${port} leads to ${to}`)
  return `${title}, ${id}, in ${titleOf(block.stage)}. ${ways.join(', ') || 'Leads nowhere'}.`
}

/** Draws the wires; one that did not change keeps its identity. */
export class EdgeDrawer {
  private readonly edges = new Map<string, WireEdge>()
  private last: WireEdge[] = []

  draw(slug: string, doc: Doc, selected: string | null, lookup: Inputs['lookup']): WireEdge[] {
    const drawn: WireEdge[] = []
    const seen = new Set<string>()
    const add = (id: string, source: string, port: string, target: string, tone: PortView['tone'], channel: number) => {
      seen.add(id)
      drawn.push(this.wire(slug, id, source, port, target, tone, channel, id === selected))
    }
    const hidden = hiddenBlocks(doc)
    for (const edge of edgesOf(doc.flow)) {
      if (!doc.flow.blocks[edge.to]) continue
      const [from, to] = [hidden.get(edge.from), hidden.get(edge.to)]
      if (from !== undefined && from === to) continue
      const block = doc.flow.blocks[edge.from]!
      const ports = portsOf(block, lookup(block.type, block.config)).filter((port) => port.id !== ERROR_PORT || port.id === edge.port)
      const at = ports.findIndex((port) => port.id === edge.port)
      add(edge.id, from ?? edge.from, from === undefined ? edge.port : `to:${edge.to}`, to ?? edge.to, ports[at]?.tone ?? 'neutral', from === undefined ? Math.max(0, ports.length - 1 - at) : 0)
    }
    if (doc.flow.blocks[doc.flow.start]) add(START_EDGE, START_NODE, 'out', hidden.get(doc.flow.start) ?? doc.flow.start, 'neutral', 0)
    for (const id of this.edges.keys()) if (!seen.has(id)) this.edges.delete(id)
    // The very same list when no wire changed: React Flow then looks at none.
    if (drawn.length !== this.last.length || drawn.some((edge, i) => edge !== this.last[i])) this.last = drawn
    return this.last
  }

  private wire(slug: string, id: string, source: string, port: string, target: string, tone: PortView['tone'], channel: number, selected: boolean): WireEdge {
    const old = this.edges.get(id)
    if (old && old.source === source && old.sourceHandle === port && old.target === target && old.data?.tone === tone && old.data.channel === channel && old.selected === selected && old.data.slug === slug) return old
    const edge: WireEdge = {
      id,
      type: 'wire',
      source,
      sourceHandle: port,
      target,
      targetHandle: 'in',
      selected,
      selectable: id !== START_EDGE,
      reconnectable: !source.startsWith('@') && !target.startsWith('@'),
      focusable: false,
      data: { slug, tone, down: port === ERROR_PORT, channel },
    }
    this.edges.set(id, edge)
    return edge
  }
}
