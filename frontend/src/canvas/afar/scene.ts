// The drawing as it is seen from afar: boxes and straight lines, in the order in
// which they lie over each other, and what is where. Thousands are looked through
// faster than an index of them could be kept.
import type { Box, Point } from '../../document'
import type { CanvasNode, WireEdge } from '../nodes'
import { Position } from '../xyflow'

export interface FarCard extends Box {
  id: string
  kind: 'block' | 'group' | 'ghost'
  title: string
  family: number
  selected: boolean
  /** The blocks that it stands for. */
  blocks: string[]
}

export interface FarWire {
  id: string
  block: string
  port: string
  tone: string
  from: Point
  to: Point
  selected: boolean
  /** Leaves from the lower edge of its card. */
  down: boolean
}

export interface Scene {
  slug: string
  cards: FarCard[]
  wires: FarWire[]
  frames: Box[]
}

/** Every family that the catalogue lacks looks like this one. */
const OTHER = 5

/** Draws scenes again and again; a card or a wire that stayed is not looked at twice. */
export class SceneDrawer {
  private readonly cards = new WeakMap<CanvasNode, FarCard>()

  draw(slug: string, nodes: CanvasNode[], edges: WireEdge[], families: readonly { id: string }[]): Scene {
    const order = new Map(families.map((family, index) => [family.id, index]))
    const cards: FarCard[] = []
    const frames: Box[] = []
    const byId = new Map<string, CanvasNode>()
    for (const node of nodes) {
      byId.set(node.id, node)
      if (node.type === 'frame') frames.push(boxOf(node))
      const card = this.card(node, order)
      if (card) cards.push(card)
    }
    const wires = edges.flatMap((edge): FarWire[] => {
      const [source, target] = [byId.get(edge.source), byId.get(edge.target)]
      const from = source && endOf(source, edge.sourceHandle)
      const to = target && endOf(target, edge.targetHandle)
      if (!from || !to) return []
      const colon = edge.id.indexOf(':')
      return [{ id: edge.id, block: edge.id.slice(0, colon), port: edge.id.slice(colon + 1), tone: edge.data?.tone ?? 'neutral', from, to, selected: edge.selected === true, down: edge.data?.down ?? false }]
    })
    return { slug, cards, wires, frames }
  }

  private card(node: CanvasNode, families: ReadonlyMap<string, number>): FarCard | null {
    const before = this.cards.get(node)
    if (before) return before
    const card = cardOf(node, families)
    if (card) this.cards.set(node, card)
    return card
  }
}

function cardOf(node: CanvasNode, families: ReadonlyMap<string, number>): FarCard | null {
  const base = { ...boxOf(node), id: node.id, selected: node.selected === true }
  switch (node.type) {
    case 'block': {
      const { block, descriptor } = node.data
      return { ...base, kind: 'block', title: block.label ?? descriptor?.title ?? block.type, family: families.get(descriptor?.family ?? '') ?? OTHER, blocks: [node.id] }
    }
    case 'collapsed':
      return { ...base, kind: 'group', title: node.data.group.frame.title, family: OTHER, blocks: node.data.group.blocks }
    case 'ghost':
      return { ...base, kind: 'ghost', title: node.data.title, family: OTHER, blocks: [] }
    default:
      return null
  }
}

export function boxOf(node: CanvasNode): Box {
  return { x: node.position.x, y: node.position.y, width: node.width ?? 0, height: node.height ?? 0 }
}

/** Where a wire meets a card: at the outer edge of its port. */
function endOf(node: CanvasNode, port: string | null | undefined): Point | null {
  const handle = node.handles?.find((h) => h.id === port)
  if (!handle) return null
  const [x, y, width, height] = [node.position.x + handle.x, node.position.y + handle.y, handle.width ?? 0, handle.height ?? 0]
  if (handle.type === 'target') return { x, y: y + height / 2 }
  return handle.position === Position.Bottom ? { x: x + width / 2, y: y + height } : { x: x + width, y: y + height / 2 }
}

/** The uppermost card at a point. */
export function cardAt(scene: Scene, { x, y }: Point): FarCard | undefined {
  return scene.cards.findLast((card) => x >= card.x && y >= card.y && x <= card.x + card.width && y <= card.y + card.height)
}

export function meets(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** The nearest wire that is not further from a point than this. */
export function wireAt(scene: Scene, at: Point, reach: number): FarWire | undefined {
  let best: FarWire | undefined
  let least = reach
  for (const wire of scene.wires) {
    const away = awayFrom(wire, at)
    if (away > least) continue
    least = away
    best = wire
  }
  return best
}

/** How far a point is from a straight wire. */
function awayFrom({ from, to }: FarWire, { x, y }: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length))
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy)
}
