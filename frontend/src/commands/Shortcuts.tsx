// The sheet of shortcuts.
import { Dialog, Kbd } from '../ui'
import { titleOfCommand } from './registry'
import { useCommandList } from './use-command-list'
import './shortcuts.css'

const gestures: [string, string][] = [
  ['Pan', 'Wheel, Space + drag, or middle drag'],
  ['Zoom', 'Ctrl + wheel, or pinch'],
  ['Select several', 'Shift + drag, or Shift + click'],
  ['Insert into a connection', 'Drop a block from the palette on it'],
  ['Add after an outcome', 'Drag the outcome into the empty'],
]

export function Shortcuts({ onClose }: { onClose: () => void }) {
  const commands = useCommandList().filter((command) => command.keys && command.keys.length > 0)
  const groups = new Map<string, typeof commands>()
  for (const command of commands) {
    const group = command.menu ?? 'Canvas'
    groups.set(group, [...(groups.get(group) ?? []), command])
  }
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} wide text>
      <div className="shortcuts">
        {[...groups].map(([group, list]) => (
          <section key={group}>
            <h3 className="section-title">{group}</h3>
            {list.map((command) => (
              <div key={command.id} className="shortcut">
                <span className="grow">{titleOfCommand(command)}</span>
                {command.keys?.map((keys) => (
                  <Kbd key={keys} keys={keys} />
                ))}
              </div>
            ))}
          </section>
        ))}
        <section>
          <h3 className="section-title">With the pointer</h3>
          {gestures.map(([what, how]) => (
            <div key={what} className="shortcut">
              <span className="grow">{what}</span>
              <span className="dim">{how}</span>
            </div>
          ))}
        </section>
      </div>
    </Dialog>
  )
}
