// The ports of a block as they are: those of its type, those its config makes,
// and those that are wired although nothing declares them any more.
import type { Block, Descriptor, Field, Port } from '../engine'

export interface PortView {
  id: string
  title: string
  tone: Port['tone']
  /** Made by a row of the config: its index, and the field that names it. */
  row?: { field: string; index: number }
  /** The condition of that row. */
  detail?: string
  /** Wired, but no longer a port of the block. */
  stale?: boolean
}

export const ERROR_PORT = 'error'

const known = new WeakMap<Block, { descriptor: Descriptor | undefined; ports: PortView[] }>()

/** The ports of a block; blocks are never changed in place, so each is asked once. */
export function portsOf(block: Block, descriptor: Descriptor | undefined): PortView[] {
  const before = known.get(block)
  if (before && before.descriptor === descriptor) return before.ports
  const ports = findPorts(block, descriptor)
  known.set(block, { descriptor, ports })
  return ports
}

function findPorts(block: Block, descriptor: Descriptor | undefined): PortView[] {
  const ports: PortView[] = []
  const seen = new Set<string>()
  const add = (port: PortView) => {
    if (port.id === '' || seen.has(port.id)) return
    seen.add(port.id)
    ports.push(port)
  }
  for (const field of descriptor?.fields ?? []) for (const port of rowPorts(block, field)) add(port)
  for (const port of descriptor?.ports ?? []) if (port.id !== ERROR_PORT) add({ ...port })
  for (const id of Object.keys(block.next ?? {})) {
    if (id !== ERROR_PORT && !seen.has(id)) add({ id, title: id, tone: 'warn', stale: descriptor !== undefined })
  }
  const terminal = descriptor?.terminal ?? false
  if (!terminal || block.next?.[ERROR_PORT]) {
    const declared = descriptor?.ports.find((port) => port.id === ERROR_PORT)
    add({ id: ERROR_PORT, title: declared?.title ?? 'error', tone: 'bad', stale: terminal })
  }
  return ports
}

function rowPorts(block: Block, field: Field): PortView[] {
  if (field.port_of === undefined) return []
  const rows = block.config?.[field.name] ?? field.default
  if (!Array.isArray(rows)) return []
  return rows.map((row: unknown, index) => {
    const id = rowName(row, field.port_of ?? '')
    return { id, title: id, tone: 'neutral', row: { field: field.name, index }, detail: conditionOf(row, field) }
  })
}

function conditionOf(row: unknown, field: Field): string | undefined {
  const item = field.items?.find((i) => i.kind === 'expression')
  const value = item && row !== null && typeof row === 'object' ? (row as Record<string, unknown>)[item.name] : undefined
  return typeof value === 'string' ? value.replace(/\bstep\./g, '') : undefined
}

/** The port that a row makes: the row itself, or the field of it that names the port. */
export function rowName(row: unknown, portOf: string): string {
  if (typeof row === 'string') return row
  if (row === null || typeof row !== 'object') return ''
  const name = (row as Record<string, unknown>)[portOf]
  return typeof name === 'string' ? name : ''
}

/** The port through which life goes on when a block is put into a wire. */
export function mainPort(block: Block, descriptor: Descriptor | undefined): string | undefined {
  const ports = portsOf(block, descriptor).filter((port) => port.id !== ERROR_PORT && !port.stale)
  const named = ports.find((port) => port.tone === 'good') ?? ports.find((port) => port.id === 'default')
  return (named ?? ports.find((port) => port.tone !== 'bad') ?? undefined)?.id
}
