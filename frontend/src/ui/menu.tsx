// Drop-down and context menus over one shape of entry.
import type { ContextMenu} from 'radix-ui';
import { DropdownMenu } from 'radix-ui'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { CommandKey } from './controls'

export type MenuEntry =
  | { kind: 'item'; label: string; icon?: LucideIcon; command?: string; disabled?: boolean; danger?: boolean; run: () => void }
  | { kind: 'line' }
  | { kind: 'label'; label: string }

type Parts = typeof DropdownMenu | typeof ContextMenu

export function MenuEntries({ entries, parts: P }: { entries: MenuEntry[]; parts: Parts }) {
  return entries.map((entry, index) => {
    if (entry.kind === 'line') return <P.Separator key={index} className="menu-line" />
    if (entry.kind === 'label') {
      return (
        <P.Label key={index} className="menu-label">
          {entry.label}
        </P.Label>
      )
    }
    const Icon = entry.icon
    return (
      <P.Item key={index} className={`menu-item ${entry.danger ? 'danger' : ''}`} disabled={entry.disabled} onSelect={() => entry.run()}>
        {Icon && <Icon size={14} aria-hidden />}
        <span>{entry.label}</span>
        {entry.command && <CommandKey command={entry.command} />}
      </P.Item>
    )
  })
}

export function Menu({ trigger, entries, align = 'start' }: { trigger: ReactNode; entries: MenuEntry[]; align?: 'start' | 'end' }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          <MenuEntries entries={entries} parts={DropdownMenu} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
