// Key chords: `Mod+Shift+P` is Ctrl on most machines and ⌘ on a Mac.

export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

export interface Chord {
  key: string
  mod: boolean
  shift: boolean
  alt: boolean
}

export function parseKeys(keys: string): Chord {
  const parts = keys.split('+')
  // "+" and "Mod++" name the plus key itself.
  const key = keys === '+' || keys.endsWith('++') ? '+' : (parts[parts.length - 1] ?? '')
  return { key: key.toLowerCase(), mod: parts.includes('Mod'), shift: parts.includes('Shift'), alt: parts.includes('Alt') }
}

export interface KeyPress {
  key: string
  code?: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** Whether a press is this chord. A printed sign may need Shift on some keyboards. */
export function matches(press: KeyPress, keys: string, mac = isMac): boolean {
  const chord = parseKeys(keys)
  const mod = mac ? press.metaKey : press.ctrlKey
  const other = mac ? press.ctrlKey : press.metaKey
  if (mod !== chord.mod || other || press.altKey !== chord.alt) return false
  const letterOrName = chord.key.length > 1 || /[a-z0-9]/.test(chord.key)
  if (letterOrName && press.shiftKey !== chord.shift) return false
  if (press.key.toLowerCase() === chord.key) return true
  // With Alt some systems type another letter; the key itself is still that one.
  if (chord.alt && /^[a-z]$/.test(chord.key) && press.code === `Key${chord.key.toUpperCase()}`) return true
  // Shift turns digits into signs; the key itself is still the digit.
  return /^[0-9]$/.test(chord.key) && press.code === `Digit${chord.key}`
}

const names: Record<string, string> = {
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  escape: 'Esc',
  delete: 'Del',
  enter: 'Enter',
  ' ': 'Space',
}

/** A chord as people read it. */
export function formatKeys(keys: string, mac = isMac): string {
  const chord = parseKeys(keys)
  const key = names[chord.key] ?? (chord.key.length === 1 ? chord.key.toUpperCase() : chord.key.slice(0, 1).toUpperCase() + chord.key.slice(1))
  const marks = mac
    ? [chord.alt && '⌥', chord.shift && '⇧', chord.mod && '⌘']
    : [chord.mod && 'Ctrl', chord.alt && 'Alt', chord.shift && 'Shift']
  return [...marks.filter(Boolean), key].join(mac ? '' : '+')
}
