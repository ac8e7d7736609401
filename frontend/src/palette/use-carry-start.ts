// Picking a block up from the palette: a press that moves a little becomes a
// carry; Escape lets go.
import type { PointerEvent } from 'react'
import { carry, drop, letGo, useCarry } from '../document'

const THRESHOLD = 4

export function useCarryStart(type: string, disabled: boolean): (event: PointerEvent) => void {
  return (event) => {
    if (disabled || event.button !== 0) return
    const from = { x: event.clientX, y: event.clientY }
    const move = (e: globalThis.PointerEvent) => {
      const going = useCarry.getState().type !== null
      if (!going && Math.hypot(e.clientX - from.x, e.clientY - from.y) < THRESHOLD) return
      e.preventDefault()
      carry(type, e.clientX, e.clientY)
    }
    const up = () => {
      stop()
      if (useCarry.getState().type !== null) drop()
    }
    const cancel = () => {
      stop()
      letGo()
    }
    const key = (e: globalThis.KeyboardEvent) => {
      if (e.key === 'Escape') cancel()
    }
    const stop = () => {
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', up)
      window.removeEventListener('pointercancel', cancel)
      window.removeEventListener('keydown', key, true)
    }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', up)
    window.addEventListener('pointercancel', cancel)
    window.addEventListener('keydown', key, true)
  }
}
