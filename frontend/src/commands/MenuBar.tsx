// The menus in the window: File, Edit, View, Run, Help.
import { Menubar } from 'radix-ui'
import { CommandKey, text } from '../ui'
import { menuLines, menuNames, type MenuLine } from './menus'
import { isEnabled, titleOfCommand } from './registry'
import { start } from './run'
import { useCommandList } from './use-command-list'

export function MenuBar() {
  const commands = useCommandList()
  return (
    <Menubar.Root className="menubar" aria-label="Main menu">
      {menuNames.map((name) => (
        <Menubar.Menu key={name}>
          <Menubar.Trigger className="menubar-trigger">{text(name)}</Menubar.Trigger>
          <Menubar.Portal>
            <Menubar.Content className="menu" align="start" sideOffset={4}>
              <Entries lines={menuLines(name, commands)} />
            </Menubar.Content>
          </Menubar.Portal>
        </Menubar.Menu>
      ))}
    </Menubar.Root>
  )
}

function Entries({ lines }: { lines: MenuLine[] }) {
  return lines.map(({ command, begins }) => (
    <div key={command.id} role="none">
      {begins && <Menubar.Separator className="menu-line" />}
      <Menubar.Item className="menu-item" disabled={!isEnabled(command)} onSelect={() => start(command)}>
        <span>{titleOfCommand(command)}</span>
        <CommandKey command={command.id} />
      </Menubar.Item>
    </div>
  ))
}
