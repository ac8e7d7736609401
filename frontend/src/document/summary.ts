// One line about a block's settings, made from its fields: what a card says of
// itself without being opened.
import type { Block, Descriptor, Field } from '../engine'

const MAX_PARTS = 2

export function summaryOf(block: Block, descriptor: Descriptor | undefined): string {
  const config = block.config
  if (!config) return ''
  const parts: string[] = []
  for (const field of descriptor?.fields ?? []) {
    if (field.port_of !== undefined) continue
    const text = partOf(field, config[field.name])
    if (text) parts.push(text)
    if (parts.length === MAX_PARTS) break
  }
  return parts.join(' · ')
}

function partOf(field: Field, value: unknown): string {
  if (value === undefined || value === null || value === '') return ''
  switch (field.kind) {
    case 'boolean':
      return value === true ? field.title : ''
    case 'choice':
      return optionTitle(field, value)
    case 'choices':
      return Array.isArray(value) ? value.map((v) => optionTitle(field, v)).join(', ') : ''
    case 'number':
      return `${field.title}: ${plain(value)}${field.unit ? ` ${field.unit}` : ''}`
    case 'duration':
      return `${field.title}: ${plain(value)}`
    case 'list':
    case 'strings':
      if (!Array.isArray(value) || value.length === 0) return ''
      if (value.every((v) => typeof v === 'string')) return value.join(', ')
      return `${field.title}: ${value.length}`
    case 'map':
    case 'json':
      return typeof value === 'object' ? `${field.title}: ${Object.keys(value).length}` : ''
    default:
      return plain(value)
  }
}

function optionTitle(field: Field, value: unknown): string {
  return field.options?.find((option) => option.value === value)?.title ?? plain(value)
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : JSON.stringify(value)
}
