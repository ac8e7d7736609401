// Names of blocks: identifiers that people read in conditions and tokens, made
// from the type and kept unique in their flow.

export const ID_PATTERN = /^[a-z][a-z0-9_]*$/

/** A free id for a block of this type: `decision`, `decision_2`, … */
export function freshId(type: string, taken: { has(id: string): boolean }): string {
  const base = toIdentifier(type)
  if (!taken.has(base)) return base
  for (let n = 2; ; n++) {
    const id = `${base}_${n}`
    if (!taken.has(id)) return id
  }
}

/** The nearest identifier to any text. */
export function toIdentifier(text: string): string {
  const id = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
  return id || 'block'
}

/** Why an id cannot be used, or null when it can. */
export function idProblem(id: string, taken: { has(id: string): boolean }): string | null {
  if (id === '') return 'A block needs an id.'
  if (!ID_PATTERN.test(id)) return 'Use a–z, 0–9 and _, beginning with a letter.'
  if (taken.has(id)) return 'Another block of this flow has this id.'
  return null
}
