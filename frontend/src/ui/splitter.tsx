// A bar between two panes that can be dragged, or moved by arrow keys.
import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import './splitter.css'

interface SplitterProps {
  /** What is resized, for its name. */
  label: string
  direction: 'row' | 'column'
  size: number
  min: number
  max: number
  /** The pane after the bar grows when the bar moves towards the start. */
  grows: 'before' | 'after'
  onSize: (size: number) => void
  /** Double click, or Enter. */
  onReset?: () => void
}

export function Splitter({ label, direction, size, min, max, grows, onSize, onReset }: SplitterProps) {
  const drag = useRef<{ from: number; size: number } | null>(null)
  const clamp = (value: number) => Math.round(Math.min(Math.max(value, min), Math.max(min, max)))
  const sign = grows === 'before' ? 1 : -1
  const position = (event: PointerEvent) => (direction === 'row' ? event.clientX : event.clientY)

  const down = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { from: position(event), size }
    event.preventDefault()
  }
  const move = (event: PointerEvent) => {
    if (drag.current) onSize(clamp(drag.current.size + sign * (position(event) - drag.current.from)))
  }
  const key = (event: KeyboardEvent) => {
    const [less, more] = direction === 'row' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
    const step = event.shiftKey ? 64 : 16
    const moves: Record<string, () => void> = {
      [more]: () => onSize(clamp(size + sign * step)),
      [less]: () => onSize(clamp(size - sign * step)),
      Home: () => onSize(clamp(min)),
      End: () => onSize(clamp(max)),
      Enter: () => onReset?.(),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    move()
  }
  return (
    <div
      className={`splitter ${direction}`}
      role="separator"
      tabIndex={0}
      aria-label={`Resize ${label}`}
      aria-orientation={direction === 'row' ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={Math.max(min, max)}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
      onDoubleClick={onReset}
      onKeyDown={key}
    />
  )
}
