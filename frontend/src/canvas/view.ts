// The canvas's view as the rest may know it: how near, and what it can be asked.
import { create } from 'zustand'
import type { Doc, Lane, Point } from '../document'

export interface ViewHandle {
  slug: string
  fit(ids?: string[]): void
  zoomTo(zoom: number): void
  zoomBy(factor: number): void
  /** Brings a block into sight and gives it the keyboard. */
  reveal(id: string, focus: boolean): void
  zoom(): number
  /** The canvas point in the middle of what is seen. */
  middle(): Point
  toCanvas(client: Point): Point
  toClient(canvas: Point): Point
  /** Takes the keyboard, unless something else has it. */
  takeFocus(): void
}

interface ViewState {
  /** From afar cards are drawn without details. */
  far: boolean
  /** In percent, for the status bar. */
  zoom: number
  handle: ViewHandle | null
  minimap: boolean
  /** Set by the shell: shows the settings of what is selected. */
  onOpenSettings: () => void
  /** Set by the shell: gives the keyboard to the name of what is selected. */
  onRename: () => void
}

export const FAR = 0.42

export const useView = create<ViewState>()(() => ({ far: false, zoom: 100, handle: null, minimap: true, onOpenSettings: () => undefined, onRename: () => undefined }))

/** How far one can go away: until all of the flow is in sight, and that of a small flow is small. */
export function farthestOf(doc: Doc, lanes: Lane[]): number {
  const right = Math.max(...lanes.map((lane) => lane.x + lane.width))
  const bottom = Math.max(0, ...Object.values(doc.layout.blocks).map((at) => at.y))
  return Math.min(0.1, Math.max(0.015, Math.min(600 / right, 350 / bottom)))
}

export function viewHandle(): ViewHandle | null {
  return useView.getState().handle
}
