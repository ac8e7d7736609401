// The top of the window: menus, the project, the way to every command.
import { ChevronDown, FolderOpen, House, Monitor, Moon, Search, Sun } from 'lucide-react'
import { useStudio, type Project } from '../engine'
import { MenuBar, runCommand } from '../commands'
import { Button, CommandKey, IconButton, Menu } from '../ui'
import { openSheet } from './sheets'
import { cycleTheme, useTheme } from './theme-choice'

export function TitleBar({ project }: { project: Project }) {
  const linked = useStudio((state) => state.linked)
  const native = useStudio((state) => state.info?.native_menus ?? false)
  const theme = useTheme()
  const icons = { system: Monitor, light: Sun, dark: Moon }
  const names = { system: 'Theme: follows the system', light: 'Theme: light', dark: 'Theme: dark' }
  return (
    <header className="title-bar">
      <img src="/icon.svg" width={20} height={20} alt="" />
      {!native && <MenuBar />}
      <div className="title-middle">
        <button type="button" className="title-search" onClick={() => openSheet('commands')}>
          <Search size={13} aria-hidden />
          <span className="grow">Search commands</span>
          <CommandKey command="view.commands" />
        </button>
      </div>
      {!linked && (
        <span className="badge bad" role="status">
          Not connected: edits wait
        </span>
      )}
      <Menu
        align="end"
        trigger={
          <Button look="ghost" aria-label={`Project ${project.name}`}>
            <span className="faint">Project</span>
            <strong className="ellipsis title-project">{project.name}</strong>
            <ChevronDown size={12} aria-hidden />
          </Button>
        }
        entries={[
          { kind: 'label', label: project.dir },
          { kind: 'item', label: 'Open another folder…', icon: FolderOpen, command: 'file.open', run: () => runCommand('file.open') },
          { kind: 'item', label: 'All templates and projects', icon: House, run: () => runCommand('file.close') },
        ]}
      />
      <IconButton icon={icons[theme]} label={names[theme]} onClick={cycleTheme} />
    </header>
  )
}
