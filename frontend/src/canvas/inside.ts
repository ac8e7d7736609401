// A flow that is shown inside of the block which runs it: what it looks like
// there, which of its blocks one is at, and how it comes and goes.
import { create } from 'zustand'
import { descriptorOf, useStudio, type Catalogue } from '../engine'
import { allClosed, closeCard, drillInto, edit, expandCard, flowOf, goToBlock, lanesOf, openFlow, select, subflowOf, useFlows, type Box, type Doc, type Lane, type Lookup } from '../document'
import { announce, notify } from '../ui'
import { SceneDrawer, type Scene } from './afar/scene'
import { EdgeDrawer, NodeDrawer } from './nodes'
import { drawPieces } from './pieces'
import { viewHandle } from './view'

/** The block inside that one is at. */
export const useInside = create<{ slug: string; block: string; at: string | null }>()(() => ({ slug: '', block: '', at: null }))

/** Room around the flow on its card: for the head and for the outcomes. */
export const INSIDE = { left: 14, top: 76, right: 116, bottom: 18 }
const SCALE = 0.5
const MOST = { width: 620, height: 380 }
const LEAST = { width: 150, height: 60 }
const PAD = 16

export interface Inside {
  scene: Scene
  lanes: Lane[]
  bounds: Box
}

/** The flow as it is drawn by itself, its own subflows closed: so no flow holds itself without end. */
export function insideOf(slug: string, drawn: Doc, catalogue: Catalogue | null, lookup: Lookup): Inside {
  const doc = allClosed(drawn)
  const lanes = lanesOf(doc, catalogue)
  const nodes = new NodeDrawer().draw({ slug, doc, lanes, selected: new Set(), held: null, lookup, lockOf: () => null })
  const pieces = drawPieces(slug, doc, lanes, lookup, null, null)
  const scene = new SceneDrawer().draw(slug, [...nodes, ...pieces], new EdgeDrawer().draw(slug, doc, null, lookup), catalogue?.families ?? [])
  const left = Math.min(...scene.cards.map((card) => card.x), 0) - PAD
  const top = Math.min(...scene.cards.map((card) => card.y)) - PAD - 20
  const right = Math.max(...scene.cards.map((card) => card.x + card.width)) + PAD + 24
  const bottom = Math.max(...scene.cards.map((card) => card.y + card.height)) + PAD
  const empty = scene.cards.length === 0
  return { scene, lanes, bounds: empty ? { x: 0, y: 0, width: 100, height: 50 } : { x: left, y: top, width: right - left, height: bottom - top } }
}

/** How large a card is that shows this flow. */
function sizeFor({ bounds }: Inside): { width: number; height: number } {
  const scale = Math.min(SCALE, MOST.width / bounds.width, MOST.height / bounds.height)
  const whole = (n: number) => Math.ceil(n / 8) * 8
  return { width: whole(Math.max(LEAST.width, bounds.width * scale) + INSIDE.left + INSIDE.right), height: whole(Math.max(LEAST.height, bounds.height * scale) + INSIDE.top + INSIDE.bottom) }
}

/** Shows the flow that a block runs inside of it, or closes it again: one step, that can be undone. */
export async function toggleInside(slug: string, block: string): Promise<void> {
  const doc = flowOf(slug)?.doc
  const sub = subflowOf(doc?.flow.blocks[block])
  if (!doc) return
  const name = doc.flow.blocks[block]?.label ?? sub ?? block
  if (doc.layout.expanded?.[block]) {
    useInside.setState({ at: null })
    if (edit(slug, closeCard(block, name))) announce(`Closed ${name}`)
  } else if (sub !== null) {
    await openFlow(sub)
    const inner = flowOf(sub)?.doc
    if (!inner) {
      notify.info(`The flow ${sub} cannot be shown.`, missing(sub))
      return
    }
    const size = sizeFor(insideOf(sub, inner, useStudio.getState().catalogue, descriptorOf))
    const count = Object.keys(inner.flow.blocks).length
    if (edit(slug, expandCard(block, size, name, descriptorOf))) announce(`Expanded ${inner.flow.name}: ${count} ${count === 1 ? 'block' : 'blocks'}`)
  }
  requestAnimationFrame(() => viewHandle()?.reveal(block, true))
}

/** Why a flow is not shown. */
export function missing(sub: string): string {
  const known = useStudio.getState().project?.flows.find((flow) => flow.slug === sub)
  if (!known) return 'There is no such flow in this project.'
  return known.error ?? 'Its file cannot be read.'
}

export function choose(slug: string, block: string, at: string): void {
  select(slug, [block])
  useInside.setState({ slug, block, at })
}

/** To a block inside, with the keyboard. */
export function enterInside(slug: string, block: string, at: string): void {
  choose(slug, block, at)
  const find = (tries: number) =>
    requestAnimationFrame(() => {
      const element = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(block)}"] [data-inside="${CSS.escape(at)}"]`)
      if (element) element.focus({ preventScroll: true })
      else if (tries > 0) find(tries - 1)
    })
  find(10)
}

/** Where one is inside of the block that is selected. */
export function insideNow(): { slug: string; block: string; sub: string; at: string } | null {
  const { slug, block, at } = useInside.getState()
  const open = useFlows.getState().open[slug]
  const sub = subflowOf(open?.doc.flow.blocks[block])
  const there = at !== null && sub !== null && open?.blocks.length === 1 && open.blocks[0] === block && open.doc.layout.expanded?.[block] !== undefined
  return there && flowOf(sub)?.doc.flow.blocks[at] ? { slug, block, sub, at } : null
}

/** Into the flow itself, at the block that one is at. */
export async function drillAt(slug: string, block: string, sub: string, at: string): Promise<void> {
  useInside.setState({ at: null })
  drillInto(slug, block, sub)
  await goToBlock(sub, at, true)
}
