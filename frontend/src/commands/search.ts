// Finding things by a few typed letters: words first, then letters in order.

/** How well a text answers a query: 0 is not at all, more is better. */
export function score(text: string, query: string): number {
  const hay = text.toLowerCase()
  const needle = query.trim().toLowerCase()
  if (needle === '') return 1
  if (hay === needle) return 100
  if (hay.startsWith(needle)) return 80
  const word = hay.search(new RegExp(`\\b${needle.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`))
  if (word >= 0) return 60
  if (hay.includes(needle)) return 40
  const parts = needle.split(/\s+/)
  if (parts.length > 1 && parts.every((part) => hay.includes(part))) return 30
  return inOrder(hay, needle) ? 10 : 0
}

function inOrder(hay: string, needle: string): boolean {
  let at = 0
  for (const letter of needle) {
    if (letter === ' ') continue
    at = hay.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** The best of several texts; the first weighs most. */
export function bestScore(texts: string[], query: string): number {
  return texts.reduce((best, text, index) => Math.max(best, score(text, query) * (index === 0 ? 1 : 0.9)), 0)
}

/** Items that answer a query, best first; equal ones stay in their order. */
export function rankBy<T>(items: T[], query: string, texts: (item: T) => string[], least = 1): T[] {
  if (query.trim() === '') return items
  return items
    .map((item, index) => ({ item, index, points: bestScore(texts(item), query) }))
    .filter((found) => found.points >= least)
    .sort((a, b) => b.points - a.points || a.index - b.index)
    .map((found) => found.item)
}
