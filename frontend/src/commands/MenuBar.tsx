// The menus in the window: File, Edit, View, Run, Help.
import { Menubar } from 'radix-ui'
import { CommandKey, marked, text } from '../ui'
import { isEnabled, titleOfCommand, type Command, type MenuName } from './registry'
import { start } from './run'
import { useCommandList } from './use-command-list'

const menus: MenuName[] = marked('File', 'Edit', 'View', 'Run', 'Help')

export function MenuBar() {
  const commands = useCommandList()
  return (
    <Menubar.Root className="menubar" aria-label="Main menu">
      {menus.map((name) => (
        <Menubar.Menu key={name}>
          <Menubar.Trigger className="menubar-trigger">{text(name)}</Menubar.Trigger>
          <Menubar.Portal>
            <Menubar.Content className="menu" align="start" sideOffset={4}>
              <Entries commands={commands.filter((command) => command.menu === name)} />
            </Menubar.Content>
          </Menubar.Portal>
        </Menubar.Menu>
      ))}
    </Menubar.Root>
  )
}

function Entries({ commands }: { commands: Command[] }) {
  const sorted = [...commands].sort((a, b) => (a.group ?? 0) - (b.group ?? 0))
  return sorted.map((command, index) => (
    <div key={command.id} role="none">
      {index > 0 && sorted[index - 1]!.group !== command.group && <Menubar.Separator className="menu-line" />}
      <Menubar.Item className="menu-item" disabled={!isEnabled(command)} onSelect={() => start(command)}>
        <span>{titleOfCommand(command)}</span>
        <CommandKey command={command.id} />
      </Menubar.Item>
    </div>
  ))
}
