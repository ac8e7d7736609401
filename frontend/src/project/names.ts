// Names of new files: where they stand, and what is wrong with them.

/** The path of a new file; empty while it has no name. */
export function pathOf(folder: string, name: string, extension: string): string {
  const clean = name.trim().replace(/^\/+/, '')
  return clean === '' ? '' : folder + (clean.includes('.') ? clean : clean + extension)
}

/** Why a file cannot be made there, or null. */
export function fileProblem(path: string, taken: string[]): string | null {
  if (taken.includes(path)) return 'This file exists.'
  return /\.\.|[^\w./-]/.test(path) ? 'Use letters, digits, _, - and / for folders.' : null
}

/** Why a flow cannot have that slug, or null. */
export function slugProblem(slug: string, taken: string[]): string | null {
  if (taken.includes(slug)) return 'A flow of this name exists.'
  return slug === '' || /^[a-z][a-z0-9_-]*$/.test(slug) ? null : 'Use lower case letters, digits, _ and -, beginning with a letter.'
}

/** A name that is free: the wish, or the wish with a number. */
export function freeName(wish: string, taken: (name: string) => boolean): string {
  let name = wish
  for (let n = 2; taken(name); n++) name = `${wish}_${n}`
  return name
}
