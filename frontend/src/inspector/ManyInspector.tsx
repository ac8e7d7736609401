// Several blocks at once.
import { AlignStartHorizontal, AlignStartVertical, Copy, Trash2 } from 'lucide-react'
import { edit, type Doc, type Edit } from '../document'
import { runCommand } from '../commands'
import { Button } from '../ui'
import { Section } from './Section'

/** Puts blocks of one lane on one line. */
function align(ids: string[], axis: 'x' | 'y'): Edit {
  return {
    label: 'Align blocks',
    apply(doc) {
      const blocks = { ...doc.layout.blocks }
      const least = new Map<string, number>()
      const group = (id: string) => (axis === 'x' ? (doc.flow.blocks[id]?.stage ?? '') : 'all')
      for (const id of ids) least.set(group(id), Math.min(least.get(group(id)) ?? Infinity, blocks[id]?.[axis] ?? Infinity))
      for (const id of ids) {
        const at = blocks[id]
        if (at) blocks[id] = { ...at, [axis]: least.get(group(id)) ?? at[axis] }
      }
      return { ...doc, layout: { ...doc.layout, blocks } }
    },
  }
}

export function ManyInspector({ slug, ids, doc }: { slug: string; ids: string[]; doc: Doc }) {
  return (
    <>
      <div className="inspector-head">
        <div className="grow">
          <h2>{ids.length} blocks</h2>
          <p className="faint ellipsis">{ids.filter((id) => doc.flow.blocks[id]).join(', ')}</p>
        </div>
      </div>
      <Section title="Together">
        <div className="button-grid">
          <Button icon={AlignStartVertical} onClick={() => edit(slug, align(ids, 'x'))}>
            Align left
          </Button>
          <Button icon={AlignStartHorizontal} onClick={() => edit(slug, align(ids, 'y'))}>
            Align top
          </Button>
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
