// One registry of everything a person can do. Menus, keys, the command palette
// and the sheet of shortcuts are all drawn from it.

export type MenuName = 'File' | 'Edit' | 'View' | 'Run' | 'Help'

export interface Command {
  id: string
  title: string | (() => string)
  menu?: MenuName
  /** Lines in the menu stand between groups. */
  group?: number
  /** Chords as ui/keys reads them, until a person binds others; the first one is shown. */
  keys?: string[]
  /** The system's own key for the same, which comes as an event of its own: shown, never bound. */
  system?: string
  /** `canvas` keys work only while the drawing has the keyboard. */
  where?: 'anywhere' | 'canvas'
  /** Fires even while a text is being edited. */
  inText?: boolean
  /** Absent: always. */
  when?: () => boolean
  /** Kept out of the palette: moves of the arrow keys and the like. */
  hidden?: boolean
  run: () => void | Promise<void>
}

const commands = new Map<string, Command>()
const listeners = new Set<() => void>()
let snapshot: Command[] = []

/** Adds commands; answers how to take them away again. */
export function registerCommands(list: Command[]): () => void {
  for (const command of list) {
    if (commands.has(command.id)) throw new Error(`two commands are called ${command.id}`)
    commands.set(command.id, command)
  }
  changed()
  return () => {
    for (const command of list) commands.delete(command.id)
    changed()
  }
}

function changed(): void {
  snapshot = [...commands.values()]
  for (const listener of listeners) listener()
}

export function allCommands(): Command[] {
  return snapshot
}

export function onCommandsChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function commandById(id: string): Command | undefined {
  return commands.get(id)
}

export function titleOfCommand(command: Command): string {
  return typeof command.title === 'string' ? command.title : command.title()
}

export function isEnabled(command: Command): boolean {
  return command.when ? command.when() : true
}
