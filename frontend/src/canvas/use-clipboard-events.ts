// Copy, cut and paste of blocks through the clipboard's own events: they need no
// permission and work the same in the window and in a browser.
import { useEffect } from 'react'
import { call, useStudio } from '../engine'
import { clashes, copyText, edit, flowOf, pasteBlocks, select, stagesOf } from '../document'
import { placeOfTarget } from '../commands'
import { announce, attempt } from '../ui'
import { deleteSelected } from './gestures'
import { viewHandle } from './view'

let pasted = 0

/** Pastes copied blocks out of a text into a flow; what is none is refused in words. */
export async function pasteText(slug: string, text: string): Promise<void> {
  pasted += 1
  const ids = await putIn(slug, text, 24 * (((pasted - 1) % 8) + 1))
  if (ids.length > 0) announce(`Pasted ${ids.join(', ')}`)
}

/** The selected blocks once more, beside themselves. */
export async function duplicate(slug: string): Promise<void> {
  const text = copySelected(slug)
  if (text === null) return
  const ids = await putIn(slug, text, 32, 'Duplicate')
  if (ids.length > 0) announce(`Duplicated as ${ids.join(', ')}`)
}

/** Reads, renames and puts in; asked again when an id was taken meanwhile. */
async function putIn(slug: string, text: string, shift: number, verb = 'Paste'): Promise<string[]> {
  for (let open = flowOf(slug); open; open = flowOf(slug)) {
    const read = await call('flow.paste', { text, taken: Object.keys(open.doc.flow.blocks) })
    const now = flowOf(slug)
    if (!now) return []
    if (clashes(now.doc, read)) continue
    const stages = stagesOf(now.doc.flow, useStudio.getState().catalogue).map((stage) => stage.id)
    const step = pasteBlocks(read, stages, shift)
    const ids = Object.keys(read.blocks)
    if (!edit(slug, { ...step, label: step.label.replace('Paste', verb) })) return []
    select(slug, ids)
    requestAnimationFrame(() => viewHandle()?.reveal(ids[0]!, true))
    return ids
  }
  return []
}

/** The selected blocks as text; null when nothing is selected. */
export function copySelected(slug: string): string | null {
  const open = flowOf(slug)
  if (!open || open.blocks.length === 0) return null
  pasted = 0
  return copyText(open.doc, open.blocks)
}

export function useClipboardEvents(slug: string): void {
  useEffect(() => {
    const mine = (event: ClipboardEvent) => {
      const place = placeOfTarget(event.target)
      return place.inCanvas && !place.inText && !place.inDialog && String(getSelection() ?? '') === ''
    }
    const copy = (event: ClipboardEvent) => {
      const text = mine(event) ? copySelected(slug) : null
      if (text === null) return
      event.clipboardData?.setData('text/plain', text)
      event.preventDefault()
      if (event.type === 'cut') deleteSelected(slug, false)
    }
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain')
      if (!text || !mine(event)) return
      event.preventDefault()
      attempt(() => pasteText(slug, text))
    }
    document.addEventListener('copy', copy)
    document.addEventListener('cut', copy)
    document.addEventListener('paste', paste)
    return () => {
      document.removeEventListener('copy', copy)
      document.removeEventListener('cut', copy)
      document.removeEventListener('paste', paste)
    }
  }, [slug])
}
