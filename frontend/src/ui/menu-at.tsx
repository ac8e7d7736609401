// The menu of the right button, wherever it is pressed: what can be done with the
// thing under it.
import { DropdownMenu } from 'radix-ui'
import { create } from 'zustand'
import { MenuEntries, type MenuEntry } from './menu'

const useMenu = create<{ at: { x: number; y: number }; entries: MenuEntry[] } | { at: null; entries: [] }>()(() => ({ at: null, entries: [] }))

export function openMenuAt(at: { x: number; y: number }, entries: MenuEntry[]): void {
  useMenu.setState({ at, entries }, true)
}

export function MenuAt() {
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
