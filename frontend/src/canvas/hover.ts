// What a drag would hit if it were let go now.
import { create } from 'zustand'
import { paintedAt } from './afar/painted'

interface HoverState {
  /** The wire that a carried block would be put into. */
  edge: string | null
  /** The lane that a carried or dragged block would stand in. */
  lane: string | null
  /** Why it may not stand there. */
  refused: string | null
}

const nothing: HoverState = { edge: null, lane: null, refused: null }

export const useHover = create<HoverState>()(() => nothing)

export function hover(next: Partial<HoverState>): void {
  const state = useHover.getState()
  const merged = { ...nothing, ...next }
  if (state.edge !== merged.edge || state.lane !== merged.lane || state.refused !== merged.refused) useHover.setState(merged)
}

const ring = [0, 0, 10, 0, -10, 0, 0, 10, 0, -10]

/** The wire under a point of the window, with a little tolerance. */
export function edgeAt(x: number, y: number): string | null {
  const { wire } = paintedAt({ x, y }, 10)
  if (wire) return wire
  for (let i = 0; i < ring.length; i += 2) {
    for (const element of document.elementsFromPoint(x + ring[i]!, y + ring[i + 1]!)) {
      const id = element.closest('.react-flow__edge')?.getAttribute('data-id')
      if (id) return id
    }
  }
  return null
}
