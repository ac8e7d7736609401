// What may be completed at the caret: the word before it, and where it begins.

export interface Word {
  text: string
  start: number
}

/** The path being typed at the caret; null where no expression stands. */
export function wordAt(text: string, caret: number, template: boolean): Word | null {
  const before = text.slice(0, caret)
  if (template && before.lastIndexOf('{{') <= before.lastIndexOf('}}')) return null
  const match = /[A-Za-z_][\w.]*$/.exec(before)
  if (!match) return null
  const word = match[0]
  // Inside a string literal a word is just a word.
  const rest = before.slice(0, before.length - word.length)
  const quotes = (template ? rest.slice(rest.lastIndexOf('{{')) : rest).match(/["']/g)
  if (quotes && quotes.length % 2 === 1) return null
  return { text: word, start: caret - word.length }
}

/** The text with a path put in at the caret: as it is, or in braces in a template. */
export function insertPath(text: string, from: number, to: number, path: string, template: boolean): { text: string; caret: number } {
  const before = text.slice(0, from)
  const inBraces = template && before.lastIndexOf('{{') > before.lastIndexOf('}}')
  const piece = template && !inBraces ? `{{ ${path} }}` : path
  return { text: before + piece + text.slice(to), caret: before.length + piece.length }
}
