// What the debugger adds to the menus of a block and of a wire.
import { ArrowRightToLine, CircleDot, CircleDotDashed, CornerDownRight, LogOut, Pin, PinOff, Redo2 } from 'lucide-react'
import { breakpointAt, edgeStopAt, editStop, pinAt, setPin, stopAt, toggleBreakpoint, toggleStop, useRuns, viewedRun, type Block, type Draft } from '../engine'
import { commandById, isEnabled, runCommand } from '../commands'
import { attempt, type MenuEntry } from '../ui'

/** Breakpoints of a block, and where a paused run can be sent from here. */
export function blockDebugEntries(slug: string, id: string, block: Block): MenuEntry[] {
  const stop = breakpointAt(useRuns.getState(), slug, id)
  const here: Draft = { kind: 'block', flow: slug, block: id }
  const pin = pinAt(useRuns.getState(), slug, id)
  const page = block.type === 'page' && typeof block.config?.template === 'string' ? block.config.template : null
  return [
    { kind: 'item', label: stop ? 'Remove breakpoint' : 'Set breakpoint', icon: CircleDot, command: 'run.breakpoint', run: () => attempt(() => toggleBreakpoint(slug, id)) },
    { kind: 'item', label: stop ? 'Edit breakpoint…' : 'Breakpoint with a condition or message…', icon: CircleDotDashed, command: 'run.editBreakpoint', run: () => editStop(here) },
    ...(page === null ? [] : [toggleEntry({ kind: 'page', page }, `Break when ${page} is shown`)]),
    toggleEntry({ kind: 'type', type: block.type }, `Break on every ${block.type}`),
    { kind: 'item', label: pin ? 'Change its pin…' : 'Pin its outcome…', icon: Pin, run: () => runCommand('run.pin') },
    ...(pin ? [{ kind: 'item' as const, label: 'Take its pin out', icon: PinOff, run: () => attempt(() => setPin({ ...pin, port: '' })) }] : []),
    ...runEntries(),
  ]
}

function toggleEntry(place: Draft, label: string): MenuEntry {
  const set = stopAt(useRuns.getState(), place) !== undefined
  return { kind: 'item', label: set ? label.replace(/^Break/, 'No longer break') : label, icon: CircleDot, run: () => attempt(() => toggleStop(place)) }
}

/** Where a run can be sent from here; most of it only a paused run knows. */
function runEntries(): MenuEntry[] {
  const entry = (id: string, label: string, icon: typeof Redo2): MenuEntry => {
    const command = commandById(id)
    return { kind: 'item', label, icon, command: id, disabled: !command || !isEnabled(command), run: () => runCommand(id) }
  }
  const here = entry('run.toHere', 'Run to here', ArrowRightToLine)
  if (viewedRun(useRuns.getState())?.status !== 'paused') return [{ kind: 'line' }, here, { kind: 'line' }]
  return [
    { kind: 'line' },
    here,
    entry('run.jump', 'Jump here', CornerDownRight),
    entry('run.force', 'Leave by an outcome…', LogOut),
    entry('run.restartBlock', 'Restart this block', Redo2),
    { kind: 'line' },
  ]
}

export function wireDebugEntries(slug: string, block: string, port: string): MenuEntry[] {
  const stop = edgeStopAt(useRuns.getState(), slug, block, port)
  const here: Draft = { kind: 'edge', flow: slug, block, port }
  return [
    { kind: 'item', label: stop ? 'Remove breakpoint' : 'Break on this edge', icon: CircleDot, command: 'run.breakpoint', run: () => attempt(() => toggleStop(here)) },
    { kind: 'item', label: 'Condition or message…', icon: CircleDotDashed, command: 'run.editBreakpoint', run: () => editStop(here) },
    { kind: 'line' },
  ]
}
