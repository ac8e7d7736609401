// Copy, cut and paste of blocks through the clipboard's own events: they need no
// permission and work the same in the window and in a browser.
import { useEffect } from 'react'
import { useStudio } from '../engine'
import { copyText, edit, flowOf, parseCopied, pasteBlocks, select, stagesOf } from '../document'
import { placeOfTarget } from '../commands'
import { announce } from '../ui'
import { deleteSelected } from './gestures'

let pasted = 0

/** Pastes copied text into a flow; false when it holds no blocks. */
export function pasteText(slug: string, text: string): boolean {
  const open = flowOf(slug)
  const copied = parseCopied(text)
  if (!open || !copied) return false
  pasted += 1
  const stages = stagesOf(open.doc.flow, useStudio.getState().catalogue).map((stage) => stage.id)
  const { edit: step, ids } = pasteBlocks(open.doc, copied, stages, 24 * (((pasted - 1) % 8) + 1))
  if (edit(slug, step)) {
    select(slug, ids)
    announce(`${step.label}: ${ids.join(', ')}`)
  }
  return true
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
      if (mine(event) && text && pasteText(slug, text)) event.preventDefault()
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
