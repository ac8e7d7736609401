// A JSON object as somebody types it.

export type ParsedObject = { ok: true; value: Record<string, unknown> } | { ok: false; problem: string }

export function parseObject(text: string): ParsedObject {
  if (text.trim() === '') return { ok: true, value: {} }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, problem: `Not valid JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return { ok: false, problem: 'This must be an object: { … }' }
  return { ok: true, value: value as Record<string, unknown> }
}
