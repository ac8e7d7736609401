// The menu of the right button: what can be done with the thing under it.
import { DropdownMenu } from 'radix-ui'
import { create } from 'zustand'
import { MenuEntries, type MenuEntry } from '../ui'
import type { Point } from '../document'

const useMenu = create<{ at: Point; entries: MenuEntry[] } | { at: null; entries: [] }>()(() => ({ at: null, entries: [] }))

export function openCanvasMenu(at: Point, entries: MenuEntry[]): void {
  useMenu.setState({ at, entries }, true)
}

export function CanvasMenu() {
  const { at, entries } = useMenu()
  if (!at) return null
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && useMenu.setState({ at: null, entries: [] }, true)}>
      <DropdownMenu.Trigger asChild>
        <span style={{ position: 'fixed', left: at.x, top: at.y }} aria-hidden tabIndex={-1} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="start" sideOffset={2} collisionPadding={8}>
          <MenuEntries entries={entries} parts={DropdownMenu} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
