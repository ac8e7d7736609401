// Several blocks at once.
import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceBetween,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceBetween,
  Copy,
  Trash2,
  type LucideIcon,
} from 'lucide-react'
import type { Doc } from '../document'
import { commandById, isEnabled, runCommand, titleOfCommand } from '../commands'
import { Button, IconButton } from '../ui'
import { Section } from './Section'

const lines: [string, LucideIcon][] = [
  ['edit.align.left', AlignStartVertical],
  ['edit.align.centre', AlignCenterVertical],
  ['edit.align.right', AlignEndVertical],
  ['edit.distribute.across', AlignHorizontalSpaceBetween],
  ['edit.align.top', AlignStartHorizontal],
  ['edit.align.middle', AlignCenterHorizontal],
  ['edit.align.bottom', AlignEndHorizontal],
  ['edit.distribute.down', AlignVerticalSpaceBetween],
]

export function ManyInspector({ ids, doc }: { ids: string[]; doc: Doc }) {
  return (
    <>
      <div className="inspector-head">
        <div className="grow">
          <h2>{ids.length} blocks</h2>
          <p className="faint ellipsis">{ids.filter((id) => doc.flow.blocks[id]).join(', ')}</p>
        </div>
      </div>
      <Section title="Line up">
        <div className="align-grid" role="toolbar" aria-label="Line up">
          {lines.map(([id, icon]) => (
            <LineUp key={id} id={id} icon={icon} />
          ))}
        </div>
      </Section>
      <Section title="Together">
        <div className="button-grid">
          <Button icon={Copy} onClick={() => runCommand('edit.duplicate')}>
            Duplicate
          </Button>
          <Button icon={Trash2} look="danger" onClick={() => runCommand('edit.delete')}>
            Delete
          </Button>
        </div>
      </Section>
    </>
  )
}

function LineUp({ id, icon }: { id: string; icon: LucideIcon }) {
  const command = commandById(id)
  if (!command) return null
  return <IconButton icon={icon} label={titleOfCommand(command)} command={id} look="plain" disabled={!isEnabled(command)} onClick={() => runCommand(id)} />
}
