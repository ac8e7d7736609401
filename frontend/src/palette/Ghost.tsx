// The card under the pointer while a block is carried.
import { createPortal } from 'react-dom'
import { useEffect, useRef } from 'react'
import { descriptorOf, useStudio } from '../engine'
import { useCarry } from '../document'
import { iconNamed } from '../ui'

export function Ghost() {
  const type = useCarry((state) => state.type)
  const families = useStudio((state) => state.catalogue?.families)
  const ghost = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (type === null) return
    const place = ({ x, y }: { x: number; y: number }) => {
      if (ghost.current) ghost.current.style.transform = `translate(${x - 112}px, ${y - 26}px)`
    }
    place(useCarry.getState())
    return useCarry.subscribe(place)
  }, [type])
  const descriptor = type === null ? undefined : descriptorOf(type)
  if (!descriptor) return null
  const Icon = iconNamed(descriptor.icon)
  const family = families?.findIndex((f) => f.id === descriptor.family) ?? 5
  return createPortal(
    <div className={`carried fam-${family}`} ref={ghost} aria-hidden>
      <span className="card-icon">
        <Icon size={16} />
      </span>
      <span className="card-title">{descriptor.title}</span>
    </div>,
    document.body,
  )
}
