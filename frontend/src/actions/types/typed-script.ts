// Types for Actions in JavaScript, which name none: one comment put before the
// function that is run, where TypeScript looks for it.

const places = [
  /^export\s+default\s+(?:async\s+)?function\b[^(]*\(([^)]*)\)/m,
  /^export\s+default\s+(?:async\s*)?\(([^)]*)\)\s*=>/m,
  /^(?:module\.)?exports(?:\.\w+)?\s*=\s*(?:async\s*)?(?:function\b[^(]*)?\(([^)]*)\)/m,
  /^(?:async\s+)?function\s+(?:execute|action|on[A-Z]\w*)\s*\(([^)]*)\)/m,
]

export interface Typed {
  text: string
  /** Where the comment was put, and how long it is. */
  at: number
  length: number
}

/** The text with the comment; as it is where there is no such function, or it has types already. */
export function withTypes(text: string): Typed {
  const bare = { text, at: text.length, length: 0 }
  if (/@(type|param)\b/.test(text)) return bare
  for (const place of places) {
    const found = place.exec(text)
    if (!found) continue
    const note = `/** @type {${typeOf(found[1] ?? '')}} */ `
    return { text: text.slice(0, found.index) + note + text.slice(found.index), at: found.index, length: note.length }
  }
  return bare
}

/** People who come from other products write (event, api). */
function typeOf(params: string): string {
  const second = params.split(',')[1]?.trim()
  return second === 'api' ? '(event: Authflow.Event, api: Authflow.Api) => any' : '(event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) => any'
}

/** Whether a place is in the comment, and not in the text. */
export function isOurs(typed: Typed, at: number): boolean {
  return at >= typed.at && at < typed.at + typed.length
}

export function toTyped(typed: Typed, at: number): number {
  return at < typed.at ? at : at + typed.length
}

export function fromTyped(typed: Typed, at: number): number {
  return at <= typed.at ? at : Math.max(typed.at, at - typed.length)
}
