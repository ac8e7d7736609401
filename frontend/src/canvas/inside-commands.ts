// Showing the flow that a block runs inside of it, and walking in there. These
// come before others with the same keys: who is inside means what is inside.
import { descriptorOf, editStop, toggleBreakpoint, useStudio } from '../engine'
import { flowOf, subflowOf, type OpenFlow } from '../document'
import type { Command } from '../commands'
import { frontFlow, onFlow } from './front'
import { nearest } from './gestures'
import { drillAt, enterInside, insideNow, insideOf, toggleInside, useInside } from './inside'
import { viewHandle } from './view'

/** The one block that is selected, if it runs a flow that is known by name. */
function chosen(open: OpenFlow | undefined = frontFlow()): { slug: string; block: string; sub: string | null; open: boolean } | null {
  const block = open?.blocks.length === 1 ? open.blocks[0] : undefined
  if (!open || block === undefined) return null
  const expanded = open.doc.layout.expanded?.[block] !== undefined
  const sub = subflowOf(open.doc.flow.blocks[block])
  return sub !== null || expanded ? { slug: open.slug, block, sub, open: expanded } : null
}

const within = () => insideNow() !== null

function walkInside(dx: number, dy: number): void {
  const now = insideNow()
  const doc = now && flowOf(now.sub)?.doc
  if (!now || !doc) return
  const { scene } = insideOf(now.sub, doc, useStudio.getState().catalogue, descriptorOf)
  const to = nearest(new Map(scene.cards.filter((card) => card.kind === 'block').map((card) => [card.id, card])), now.at, dx, dy)
  if (to) enterInside(now.slug, now.block, to)
}

const arrows: [string, number, number][] = [
  ['ArrowLeft', -1, 0],
  ['ArrowRight', 1, 0],
  ['ArrowUp', 0, -1],
  ['ArrowDown', 0, 1],
]

export const insideCommands: Command[] = [
  {
    id: 'subflow.toggle',
    title: () => (chosen()?.open ? 'Close the subflow' : 'Show the subflow inside'),
    menu: 'View',
    group: 1,
    keys: ['Shift+Enter'],
    where: 'canvas',
    when: () => chosen() !== null,
    run: onFlow(async (open) => {
      const one = chosen(open)
      if (one) await toggleInside(one.slug, one.block)
    }),
  },
  {
    id: 'subflow.enter',
    title: 'Go among the blocks inside',
    menu: 'View',
    group: 1,
    keys: ['I'],
    where: 'canvas',
    when: () => chosen()?.open === true && !within(),
    run: onFlow((open) => {
      const one = chosen(open)
      const first = one?.sub ? flowOf(one.sub)?.doc.flow.start : undefined
      if (one && first) enterInside(one.slug, one.block, first)
    }),
  },
  ...arrows.map(([key, dx, dy]): Command => ({ id: `inside.walk.${key}`, title: 'Go to the next block inside', keys: [key], where: 'canvas', hidden: true, when: within, run: () => walkInside(dx, dy) })),
  {
    id: 'inside.open',
    title: 'Open the subflow at this block',
    keys: ['Enter'],
    where: 'canvas',
    hidden: true,
    when: within,
    run: async () => {
      const now = insideNow()
      if (now) await drillAt(now.slug, now.block, now.sub, now.at)
    },
  },
  {
    id: 'inside.leave',
    title: 'Back to the block around',
    keys: ['Escape'],
    where: 'canvas',
    hidden: true,
    when: within,
    run: () => {
      const now = insideNow()
      useInside.setState({ at: null })
      if (now) viewHandle()?.reveal(now.block, true)
    },
  },
  {
    id: 'inside.breakpoint',
    title: 'Toggle breakpoint inside',
    keys: ['F9'],
    inText: true,
    hidden: true,
    when: within,
    run: async () => {
      const now = insideNow()
      if (now) await toggleBreakpoint(now.sub, now.at)
    },
  },
  {
    id: 'inside.editBreakpoint',
    title: 'Edit breakpoint inside…',
    keys: ['Shift+F9'],
    inText: true,
    hidden: true,
    when: within,
    run: () => {
      const now = insideNow()
      if (now) editStop({ kind: 'block', flow: now.sub, block: now.at })
    },
  },
]
