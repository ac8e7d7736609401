// The clipboard, also where the page is not trusted with it (the desktop window's
// own scheme): there a text is copied the old way, from a field.
import { ownError } from '../engine/errors'

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    if (!copyFromField(text)) throw ownError('clipboard')
  }
}

function copyFromField(text: string): boolean {
  const before = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'sr-only'
  // Beside what has the keyboard: a dialog keeps the keyboard within itself.
  ;(before?.parentElement ?? document.body).append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  return done
}

/** The clipboard's text, where the page may read it. */
export async function ownClipboardText(): Promise<string> {
  try {
    return await navigator.clipboard.readText()
  } catch {
    throw ownError('clipboard')
  }
}
