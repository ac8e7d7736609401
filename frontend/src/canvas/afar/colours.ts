// The colours of the theme as a canvas takes them: read from the style sheet once,
// and again when the theme changes.
import type { Colour } from './looks'

export interface Ink {
  of: (colour: Colour) => string
  /** The family of letters that titles are written in. */
  letters: string
}

export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element)
  const known = new Map<Colour, string>()
  return {
    letters: style.fontFamily,
    of(colour) {
      let found = known.get(colour)
      if (found === undefined) {
        found = style.getPropertyValue(`--${colour}`).trim()
        known.set(colour, found)
      }
      return found
    },
  }
}

/** Calls back when another theme is chosen. */
export function onTheme(tell: () => void): () => void {
  const observer = new MutationObserver(tell)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}
