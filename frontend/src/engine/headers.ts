// What the header of an Action adds to the block that runs it: ports, outputs,
// and its settings in place of the free map.
import type { ActionSummary, Descriptor } from './types'

const ACTIONS = 'actions/'

/** The name by which blocks know an Action. */
export function actionName(path: string): string {
  return path.startsWith(ACTIONS) ? path.slice(ACTIONS.length) : path
}

const known = new WeakMap<ActionSummary, WeakMap<Descriptor, Descriptor>>()

/** The descriptor for one block; the same object as long as nothing of it changed. */
export function withHeader(descriptor: Descriptor | undefined, config: Record<string, unknown> | undefined, actions: ActionSummary[]): Descriptor | undefined {
  const field = descriptor?.fields.find((f) => f.kind === 'action')
  if (!descriptor || !field) return descriptor
  const name = config?.[field.name]
  const action = actions.find((a) => a.runs && actionName(a.path) === name)
  if (!action) return descriptor
  const made = known.get(action) ?? new WeakMap<Descriptor, Descriptor>()
  known.set(action, made)
  const present = made.get(descriptor)
  if (present) return present
  const full = merged(descriptor, action)
  made.set(descriptor, full)
  return full
}

function merged(descriptor: Descriptor, action: ActionSummary): Descriptor {
  return {
    ...descriptor,
    fields: descriptor.fields.map((field) => (field.kind === 'map' && action.fields.length > 0 ? { ...field, items: action.fields } : field)),
    ports: [...descriptor.ports, ...action.ports.map((port) => ({ id: port.name, title: port.name, tone: 'neutral' as const }))],
    outputs: [...descriptor.outputs, ...action.outputs.map((output) => ({ name: output.name, type: output.type, help: output.help ?? '' }))],
  }
}
