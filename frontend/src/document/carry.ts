// A block type on its way from the palette to the canvas, carried by the pointer.
// Pointer events only: the web view of the Linux window has no HTML5 drag and drop.
import { create } from 'zustand'

interface CarryState {
  type: string | null
  x: number
  y: number
}

export const useCarry = create<CarryState>()(() => ({ type: null, x: 0, y: 0 }))

type Drop = (type: string, x: number, y: number) => void
let target: Drop | null = null

/** The canvas in front takes what is dropped on it. */
export function takeDrops(drop: Drop): () => void {
  target = drop
  return () => {
    if (target === drop) target = null
  }
}

export function carry(type: string, x: number, y: number): void {
  useCarry.setState({ type, x, y })
}

export function drop(): void {
  const { type, x, y } = useCarry.getState()
  // What is under the pointer is still known while the block is taken.
  if (type) target?.(type, x, y)
  useCarry.setState({ type: null })
}

export function letGo(): void {
  useCarry.setState({ type: null })
}
