// What the canvas can be told: by menus, keys and the palette.
import { descriptorOf, editStop, toggleBreakpoint, toggleStop } from '../engine'
import { climbOut, drillInto, findEdge, mainPort, redoEdit, select, subflowOf, undoEdit, useTrail, type OpenFlow, type Point } from '../document'
import type { Command } from '../commands'
import { announce, copyText as toClipboard, ownClipboardText } from '../ui'
import { openConnect } from './ConnectTo'
import { frontFlow, hasBlocks, hasFlow, hasOne, onFlow } from './front'
import { deleteSelected, neighbour, nudge } from './gestures'
import { openQuickAdd } from './QuickAdd'
import { findCommands } from './find-commands'
import { frameCommands } from './frame-commands'
import { insideCommands } from './inside-commands'
import { pieceCommands } from './piece-commands'
import { choosePiece } from './pieces'
import { severalCommands } from './several-commands'
import { copySelected, duplicate, pasteText } from './use-clipboard-events'
import { tidy } from './tidy'
import { useView, viewHandle } from './view'

const front = frontFlow
const hasChoice = () => hasBlocks() || (front()?.edge ?? null) !== null

function quickAdd(open: OpenFlow): void {
  const handle = viewHandle()
  if (!handle) return
  const only = open.blocks.length === 1 ? open.blocks[0] : undefined
  const block = only ? open.doc.flow.blocks[only] : undefined
  const port = block && mainPort(block, descriptorOf(block.type, block.config))
  const client = only ? besideCard(only) : handle.toClient(handle.middle())
  openQuickAdd({ slug: open.slug, client, at: null, middle: handle.middle(), from: only && port ? { block: only, port } : undefined })
}

/** Where a menu about a card opens: beside it, or in the middle when it is out of sight. */
function besideCard(id: string): Point {
  const card = document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.getBoundingClientRect()
  const handle = viewHandle()
  if (card) return { x: card.right, y: card.top }
  return handle ? handle.toClient(handle.middle()) : { x: 200, y: 200 }
}

/** The subflow that the selected block runs. */
function chosenSubflow(): string | null {
  const open = front()
  return open?.blocks.length === 1 ? subflowOf(open.doc.flow.blocks[open.blocks[0]!]) : null
}

function clearChoice(open: OpenFlow): void {
  choosePiece(open.slug, null)
  select(open.slug, [])
}

function walk(dx: number, dy: number) {
  return onFlow((open) => {
    const from = open.blocks[open.blocks.length - 1]
    const to = from ? neighbour(open.slug, from, dx, dy) : open.doc.flow.start
    if (!to) return
    choosePiece(open.slug, to.startsWith('@') ? to : null)
    if (open.doc.flow.blocks[to]) select(open.slug, [to])
    viewHandle()?.reveal(to, true)
  })
}

const arrows: [string, number, number][] = [
  ['ArrowLeft', -1, 0],
  ['ArrowRight', 1, 0],
  ['ArrowUp', 0, -1],
  ['ArrowDown', 0, 1],
]

const moves: Command[] = arrows.flatMap(([key, dx, dy]) => [
  { id: `canvas.walk.${key}`, title: `Go to the block ${word(dx, dy)}`, keys: [key], where: 'canvas' as const, hidden: true, when: hasFlow, run: walk(dx, dy) },
  {
    id: `canvas.nudge.${key}`,
    title: `Move ${word(dx, dy)}`,
    keys: [`Alt+${key}`],
    where: 'canvas' as const,
    hidden: true,
    when: hasBlocks,
    run: onFlow((open) => nudge(open.slug, dx * 8, dy * 8)),
  },
  {
    id: `canvas.push.${key}`,
    title: `Move far ${word(dx, dy)}`,
    keys: [`Alt+Shift+${key}`],
    where: 'canvas' as const,
    hidden: true,
    when: hasBlocks,
    run: onFlow((open) => nudge(open.slug, dx * 64, dy * 64)),
  },
])

function word(dx: number, dy: number): string {
  return dx < 0 ? 'to the left' : dx > 0 ? 'to the right' : dy < 0 ? 'above' : 'below'
}

function say(verb: string, label: string | null): void {
  if (label) announce(`${verb} ${label.toLowerCase()}`)
}

export const canvasCommands: Command[] = [
  ...insideCommands,
  ...frameCommands,
  ...findCommands,
  {
    id: 'edit.undo',
    title: () => {
      const label = front()?.history.past.at(-1)?.label
      return label ? `Undo ${label.toLowerCase()}` : 'Undo'
    },
    menu: 'Edit',
    keys: ['Mod+Z'],
    when: () => (front()?.history.past.length ?? 0) > 0,
    run: onFlow((open) => say('Undone:', undoEdit(open.slug))),
  },
  {
    id: 'edit.redo',
    title: () => {
      const label = front()?.history.future[0]?.label
      return label ? `Redo ${label.toLowerCase()}` : 'Redo'
    },
    menu: 'Edit',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    when: () => (front()?.history.future.length ?? 0) > 0,
    run: onFlow((open) => say('Redone:', redoEdit(open.slug))),
  },
  {
    id: 'edit.copy',
    title: 'Copy blocks',
    menu: 'Edit',
    group: 1,
    system: 'Mod+C',
    when: hasBlocks,
    run: onFlow(async (open) => {
      const text = copySelected(open.slug)
      if (text) await toClipboard(text)
    }),
  },
  {
    id: 'edit.paste',
    title: 'Paste blocks',
    menu: 'Edit',
    group: 1,
    system: 'Mod+V',
    when: hasFlow,
    run: onFlow(async (open) => {
      await pasteText(open.slug, await ownClipboardText())
    }),
  },
  { id: 'edit.duplicate', title: 'Duplicate', menu: 'Edit', group: 1, keys: ['Mod+D'], where: 'canvas', when: hasBlocks, run: onFlow((open) => duplicate(open.slug)) },
  { id: 'edit.delete', title: 'Delete', menu: 'Edit', group: 2, keys: ['Delete', 'Backspace'], where: 'canvas', when: hasChoice, run: onFlow((open) => deleteSelected(open.slug, false)) },
  {
    id: 'edit.deleteReconnect',
    title: 'Delete and reconnect',
    menu: 'Edit',
    group: 2,
    keys: ['Mod+Delete', 'Mod+Backspace'],
    where: 'canvas',
    when: hasBlocks,
    run: onFlow((open) => deleteSelected(open.slug, true)),
  },
  {
    id: 'edit.selectAll',
    title: 'Select all',
    menu: 'Edit',
    group: 3,
    keys: ['Mod+A'],
    where: 'canvas',
    when: hasFlow,
    run: onFlow((open) => select(open.slug, Object.keys(open.doc.flow.blocks))),
  },
  { id: 'edit.tidy', title: 'Tidy up', menu: 'Edit', group: 4, keys: ['Shift+Q'], where: 'canvas', when: hasFlow, run: onFlow((open) => tidy(open.slug)) },
  { id: 'edit.add', title: 'Add a block…', menu: 'Edit', group: 4, keys: ['Tab', '/'], where: 'canvas', when: hasFlow, run: onFlow(quickAdd) },
  { id: 'canvas.settings', title: 'Open settings of the block', keys: ['Enter'], where: 'canvas', when: hasBlocks, run: () => useView.getState().onOpenSettings() },
  { id: 'canvas.rename', title: 'Rename the block', menu: 'Edit', group: 2, keys: ['F2'], where: 'canvas', when: hasOne, run: () => useView.getState().onRename() },
  { id: 'canvas.connect', title: 'Connect to…', menu: 'Edit', group: 4, keys: ['C'], where: 'canvas', when: hasOne, run: onFlow((open) => openConnect(open.slug, open.blocks[0]!, besideCard(open.blocks[0]!))) },
  {
    id: 'canvas.drillIn',
    title: 'Open the subflow',
    menu: 'View',
    group: 1,
    keys: ['Alt+Enter'],
    where: 'canvas',
    when: () => chosenSubflow() !== null,
    run: onFlow((open) => {
      const into = chosenSubflow()
      if (into) drillInto(open.slug, open.blocks[0]!, into)
    }),
  },
  {
    id: 'canvas.climbOut',
    title: 'Back out of the subflow',
    menu: 'View',
    group: 1,
    keys: ['Alt+Shift+Enter'],
    where: 'canvas',
    when: () => (useTrail.getState().ways[front()?.slug ?? '']?.length ?? 0) > 0,
    run: onFlow((open) => climbOut(open.slug)),
  },
  { id: 'canvas.escape', title: 'Clear the selection', keys: ['Escape'], where: 'canvas', hidden: true, when: hasChoice, run: onFlow(clearChoice) },
  { id: 'view.fit', title: 'Fit everything', menu: 'View', group: 2, keys: ['1'], where: 'canvas', when: hasFlow, run: () => viewHandle()?.fit() },
  { id: 'view.fitSelection', title: 'Fit selection', menu: 'View', group: 2, keys: ['2'], where: 'canvas', when: hasBlocks, run: onFlow((open) => viewHandle()?.fit(open.blocks)) },
  { id: 'view.zoom100', title: 'Zoom to 100 %', menu: 'View', group: 2, keys: ['0'], where: 'canvas', when: hasFlow, run: () => viewHandle()?.zoomTo(1) },
  { id: 'view.zoomIn', title: 'Zoom in', menu: 'View', group: 2, keys: ['+', '='], where: 'canvas', when: hasFlow, run: () => viewHandle()?.zoomBy(1.25) },
  { id: 'view.zoomOut', title: 'Zoom out', menu: 'View', group: 2, keys: ['-'], where: 'canvas', when: hasFlow, run: () => viewHandle()?.zoomBy(1 / 1.25) },
  {
    id: 'run.breakpoint',
    title: 'Toggle breakpoint',
    menu: 'Run',
    group: 2,
    keys: ['F9'],
    inText: true,
    when: hasChoice,
    run: onFlow(async (open) => {
      for (const id of open.blocks) await toggleBreakpoint(open.slug, id)
      const edge = open.edge === null ? undefined : findEdge(open.doc.flow, open.edge)
      if (edge) await toggleStop({ kind: 'edge', flow: open.slug, block: edge.from, port: edge.port })
    }),
  },
  {
    id: 'run.editBreakpoint',
    title: 'Edit breakpoint…',
    menu: 'Run',
    group: 2,
    keys: ['Shift+F9'],
    inText: true,
    when: hasChoice,
    run: onFlow((open) => {
      const edge = open.edge === null ? undefined : findEdge(open.doc.flow, open.edge)
      if (edge) editStop({ kind: 'edge', flow: open.slug, block: edge.from, port: edge.port })
      else if (open.blocks[0]) editStop({ kind: 'block', flow: open.slug, block: open.blocks[0] })
    }),
  },
  ...moves,
  ...severalCommands,
  ...pieceCommands,
]
