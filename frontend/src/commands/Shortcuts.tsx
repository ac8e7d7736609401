// The sheet of shortcuts: every command with its keys, what the pointer does, and
// the place to bind other keys, which shows what they are taken by already.
import { Keyboard, RotateCcw, TriangleAlert, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useSettings } from '../engine'
import { announce, ask, Button, Dialog, formatKeys, IconButton, isMac, Kbd } from '../ui'
import { bindKeys, chordOf, conflictText, isRebound, keysOf, resetKeys, takeKeys } from './keys'
import { titleOfCommand, type Command } from './registry'
import { rankBy } from './search'
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
  const commands = useCommandList()
  // What is bound stands in the settings: the sheet follows them.
  useSettings((state) => state.values.keys)
  const [query, setQuery] = useState('')
  const [recording, setRecording] = useState<string | null>(null)
  const found = rankBy(commands, query, (command) => [titleOfCommand(command), command.id, ...keysOf(command).map((keys) => formatKeys(keys))], 30)
  const groups = new Map<string, Command[]>()
  for (const command of found) {
    const group = command.menu ?? (command.where === 'canvas' ? 'On the canvas' : 'More')
    groups.set(group, [...(groups.get(group) ?? []), command])
  }
  const changed = commands.filter(isRebound).length
  return (
    <Dialog
      title="Keyboard shortcuts"
      onClose={onClose}
      wide
      footer={
        <>
          <span className="grow faint">{changed === 0 ? 'All keys are as they were made.' : `${changed} ${changed === 1 ? 'command has' : 'commands have'} keys of your own.`}</span>
          <Button icon={RotateCcw} disabled={changed === 0} onClick={() => ask({ title: 'Reset all keys?', text: 'Every command gets the keys back that it was made with.', yes: 'Reset all keys', run: resetKeys })}>
            Reset all
          </Button>
        </>
      }
    >
      <div className="shortcut-head">
        <input className="input" aria-label="Find a command" placeholder="Find a command, or a key…" value={query} onChange={(event) => setQuery(event.target.value)} />
      </div>
      <div className="shortcuts">
        {[...groups].map(([group, list]) => (
          <section key={group} aria-label={group}>
            <h3 className="section-title">{group}</h3>
            {list.map((command) => (
              <Row key={command.id} command={command} recording={recording === command.id} onRecord={(on) => setRecording(on ? command.id : null)} />
            ))}
          </section>
        ))}
        {query === '' && (
          <section aria-label="With the pointer">
            <h3 className="section-title">With the pointer</h3>
            {gestures.map(([what, how]) => (
              <div key={what} className="shortcut">
                <span className="grow">{what}</span>
                <span className="dim">{how}</span>
              </div>
            ))}
          </section>
        )}
      </div>
      {found.length === 0 && <p className="faint">No command is called that.</p>}
    </Dialog>
  )
}

function Row({ command, recording, onRecord }: { command: Command; recording: boolean; onRecord: (on: boolean) => void }) {
  const title = titleOfCommand(command)
  const keys = keysOf(command)
  const conflicts = keys.map((chord) => ({ chord, others: conflictText(command, chord) })).filter(({ others }) => others !== '')
  return (
    <div className="shortcut" role="group" aria-label={title}>
      <span className="grow">
        {title}
        {conflicts.map(({ chord, others }) => (
          <span key={chord} className="shortcut-conflict">
            <TriangleAlert size={12} aria-hidden /> {formatKeys(chord)} is also: {others}
            <Button size="small" aria-label={`${formatKeys(chord)} for ${title} alone`} onClick={() => takeKeys(command, chord)}>
              Only here
            </Button>
          </span>
        ))}
      </span>
      {command.system && keys.length === 0 && !recording && <Kbd keys={command.system} />}
      {recording ? <Recorder command={command} onDone={() => onRecord(false)} /> : keys.map((chord) => <Kbd key={chord} keys={chord} />)}
      <span className="shortcut-tools">
        {isRebound(command) && <IconButton size="small" icon={RotateCcw} label={`Reset the keys of ${title}`} onClick={() => bindKeys(command, null)} />}
        {keys.length > 0 && <IconButton size="small" icon={X} label={`No keys for ${title}`} onClick={() => bindKeys(command, [])} />}
        <IconButton size="small" icon={Keyboard} label={`Change the keys of ${title}`} aria-pressed={recording} onClick={() => onRecord(!recording)} />
      </span>
    </div>
  )
}

/** Takes the next chord that is pressed, before anything else does. */
function Recorder({ command, onDone }: { command: Command; onDone: () => void }) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      event.preventDefault()
      event.stopPropagation()
      const chord = chordOf(event, isMac)
      if (chord === null) return
      if (chord !== 'Escape') {
        bindKeys(command, [chord])
        const taken = conflictText(command, chord)
        announce(`${titleOfCommand(command)}: ${formatKeys(chord)}${taken ? `, also bound to ${taken}` : ''}`)
      }
      onDone()
    }
    // Whoever goes on with the pointer does not want the next key to be bound.
    const away = (event: PointerEvent) => {
      if (!(event.target instanceof Element && event.target.closest('[aria-pressed="true"]'))) onDone()
    }
    window.addEventListener('keydown', press, true)
    window.addEventListener('pointerdown', away, true)
    return () => {
      window.removeEventListener('keydown', press, true)
      window.removeEventListener('pointerdown', away, true)
    }
  }, [command, onDone])
  return (
    <span className="shortcut-record" role="status">
      Press the keys, or Esc
    </span>
  )
}
