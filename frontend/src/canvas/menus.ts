// Entries of the canvas's menus, for a block, a wire, and the ground.
import { ArrowRightFromLine, Clipboard, Copy, CornerDownRight, Crosshair, Flag, Maximize2, Minimize2, Plus, Rows3, Settings2, TextCursorInput, Trash2, Unplug, Workflow } from 'lucide-react'
import { descriptorOf, useStudio } from '../engine'
import { disconnect, edit, findEdge, flowOf, lockReason, mainPort, select, setStart, subflowOf, type Point } from '../document'
import { runCommand } from '../commands'
import type { MenuEntry } from '../ui'
import { blockDebugEntries, wireDebugEntries } from './debug-menu'
import { openQuickAdd } from './QuickAdd'
import { viewHandle } from './view'

export function blockMenu(slug: string, id: string, client: Point): MenuEntry[] {
  const flow = flowOf(slug)
  const block = flow?.doc.flow.blocks[id]
  if (!flow || !block) return []
  const locked = lockReason(flow.doc.flow, id, useStudio.getState().catalogue) !== null
  const port = mainPort(block, descriptorOf(block.type, block.config))
  const middle = viewHandle()?.middle() ?? { x: 0, y: 0 }
  return [
    { kind: 'item', label: 'Settings', icon: Settings2, command: 'canvas.settings', run: () => runCommand('canvas.settings') },
    ...blockDebugEntries(slug, id, block),
    {
      kind: 'item',
      label: 'Add a block after it…',
      icon: Plus,
      command: 'edit.add',
      disabled: !port,
      run: () => port && openQuickAdd({ slug, client, at: null, middle, from: { block: id, port } }),
    },
    { kind: 'item', label: 'Connect to…', icon: CornerDownRight, command: 'canvas.connect', run: () => runCommand('canvas.connect') },
    { kind: 'item', label: 'Rename', icon: TextCursorInput, command: 'canvas.rename', run: () => runCommand('canvas.rename') },
    ...(subflowOf(block) || flow.doc.layout.expanded?.[id] ? [{ kind: 'item' as const, label: flow.doc.layout.expanded?.[id] ? 'Close the subflow' : 'Show the subflow inside', icon: flow.doc.layout.expanded?.[id] ? Minimize2 : Maximize2, command: 'subflow.toggle', run: () => runCommand('subflow.toggle') }] : []),
    ...(subflowOf(block) ? [{ kind: 'item' as const, label: 'Open the subflow', icon: Workflow, command: 'canvas.drillIn', run: () => runCommand('canvas.drillIn') }] : []),
    { kind: 'item', label: 'Start the flow here', icon: Flag, disabled: flow.doc.flow.start === id, run: () => void edit(slug, setStart(id)) },
    ...(flow.blocks.length > 1 ? [{ kind: 'item' as const, label: 'Tidy the selected blocks', command: 'edit.tidySelection', run: () => runCommand('edit.tidySelection') }] : []),
    { kind: 'line' },
    { kind: 'item', label: 'Copy', icon: Copy, command: 'edit.copy', run: () => runCommand('edit.copy') },
    { kind: 'item', label: 'Duplicate', icon: Rows3, command: 'edit.duplicate', run: () => runCommand('edit.duplicate') },
    { kind: 'line' },
    { kind: 'item', label: 'Delete and reconnect', icon: ArrowRightFromLine, command: 'edit.deleteReconnect', disabled: locked, run: () => runCommand('edit.deleteReconnect') },
    { kind: 'item', label: locked ? 'Delete (locked)' : 'Delete', icon: Trash2, command: 'edit.delete', danger: true, disabled: locked, run: () => runCommand('edit.delete') },
  ]
}

export function wireMenu(slug: string, id: string, client: Point): MenuEntry[] {
  const flow = flowOf(slug)
  const edge = flow && findEdge(flow.doc.flow, id)
  const handle = viewHandle()
  if (!edge || !handle) return []
  return [
    ...wireDebugEntries(slug, edge.from, edge.port),
    {
      kind: 'item',
      label: 'Insert a block…',
      icon: Plus,
      run: () => openQuickAdd({ slug, client, at: handle.toCanvas(client), middle: handle.middle(), from: { block: edge.from, port: edge.port } }),
    },
    { kind: 'item', label: `Go to ${edge.from}`, icon: Crosshair, run: () => goTo(slug, edge.from) },
    { kind: 'item', label: `Go to ${edge.to}`, icon: Crosshair, run: () => goTo(slug, edge.to) },
    { kind: 'line' },
    { kind: 'item', label: 'Delete connection', icon: Unplug, command: 'edit.delete', danger: true, run: () => void edit(slug, disconnect(edge.from, edge.port)) },
  ]
}

function goTo(slug: string, id: string): void {
  select(slug, [id])
  viewHandle()?.reveal(id, true)
}

export function groundMenu(slug: string, client: Point): MenuEntry[] {
  const handle = viewHandle()
  if (!handle) return []
  return [
    { kind: 'item', label: 'Add a block here…', icon: Plus, run: () => openQuickAdd({ slug, client, at: handle.toCanvas(client), middle: handle.middle() }) },
    { kind: 'item', label: 'Paste', icon: Clipboard, command: 'edit.paste', run: () => runCommand('edit.paste') },
    { kind: 'line' },
    { kind: 'item', label: 'Select all', command: 'edit.selectAll', run: () => runCommand('edit.selectAll') },
    { kind: 'item', label: 'Tidy up', command: 'edit.tidy', run: () => runCommand('edit.tidy') },
    { kind: 'item', label: 'Fit everything', command: 'view.fit', run: () => runCommand('view.fit') },
  ]
}
