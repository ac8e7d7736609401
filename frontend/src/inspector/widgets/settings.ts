// Values of a form that a header makes: they may have been written as texts
// before there was a header, and they may be templates.
import type { Field } from '../../engine'

export function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{')
}

/** A text as the type that the header names, where it is one; the engine reads it the same way. */
export function asTyped(item: Field, value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value
  switch (item.kind) {
    case 'number':
      return Number.isFinite(Number(value)) ? Number(value) : value
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value
    case 'strings':
      return value.split(',').map((part) => part.trim()).filter((part) => part !== '')
    default:
      return value
  }
}

/** The settings with one changed; none at all is no object. */
export function withSetting(values: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> | undefined {
  const next = { ...values }
  if (value === undefined) delete next[name]
  else next[name] = value
  return Object.keys(next).length === 0 ? undefined : next
}
