// Every command with its key, by a few letters.
import { useMemo } from 'react'
import { CommandKey } from '../ui'
import { PickerDialog, type PickerItem } from './Picker'
import { isEnabled, titleOfCommand } from './registry'
import { start } from './run'
import { useCommandList } from './use-command-list'

const groups = ['Run', 'Edit', 'File', 'View', 'Help', 'More']

export function CommandPalette({ onClose }: { onClose: () => void }) {
  const commands = useCommandList()
  const items = useMemo<PickerItem[]>(
    () =>
      commands
        .filter((command) => !command.hidden && isEnabled(command))
        .map((command) => ({
          id: command.id,
          title: titleOfCommand(command),
          words: [command.menu ?? ''],
          group: command.menu ?? 'More',
          aside: <CommandKey command={command.id} />,
          take: () => start(command),
        }))
        .sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group)),
    [commands],
  )
  return <PickerDialog label="Command palette" placeholder="Run a command…" items={items} empty="No command is called that." onDone={onClose} />
}
