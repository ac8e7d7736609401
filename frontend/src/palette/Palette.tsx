// The blocks one can add: by family, or found by name and synonym. Carried onto
// the canvas with the pointer, or added by Enter.
import { CircleDot, CircleDotDashed, Search, X } from 'lucide-react'
import { useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { editStop, stopAt, toggleStop, useRuns, useStudio, type Descriptor, type Draft } from '../engine'
import { rankBy } from '../commands'
import { attempt, Empty, IconButton, iconNamed, openMenuAt, Tip } from '../ui'
import { Ghost } from './Ghost'
import { useCarryStart } from './use-carry-start'
import './palette.css'

interface PaletteProps {
  /** Adds a block for somebody at the keyboard. */
  onAdd: (type: string) => void
  disabled: boolean
}

export function Palette({ onAdd, disabled }: PaletteProps) {
  const catalogue = useStudio((state) => state.catalogue)
  const [query, setQuery] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const blocks = useMemo(() => catalogue?.blocks ?? [], [catalogue])
  const found = useMemo(() => rankBy(blocks, query, (block) => [block.title, block.id, ...block.synonyms], 20), [blocks, query])
  const families = catalogue?.families ?? []
  const groups = query.trim()
    ? [{ id: 'found', title: `${found.length} found`, blocks: found }]
    : families.map((family) => ({ ...family, blocks: blocks.filter((b) => b.family === family.id) })).filter((group) => group.blocks.length > 0)

  const searchKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      list.current?.querySelector<HTMLElement>('[data-block]')?.focus()
    }
    if (event.key === 'Enter' && found[0] && query.trim()) onAdd(found[0].id)
    if (event.key === 'Escape') setQuery('')
  }
  return (
    <section className="palette col" aria-label="Blocks">
      <div className="palette-search">
        <Search size={14} aria-hidden />
        <input
          className="input"
          type="text"
          placeholder="Search blocks"
          aria-label="Search blocks"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={searchKey}
        />
        {query && <IconButton size="small" icon={X} label="Clear" onClick={() => setQuery('')} />}
      </div>
      <div className="scroll grow palette-list" ref={list}>
        {groups.map((group) => (
          <div key={group.id} role="group" aria-label={group.title}>
            <h3 className="section-title palette-family">{group.title}</h3>
            {group.blocks.map((block) => (
              <Entry key={block.id} block={block} family={families.findIndex((f) => f.id === block.family)} disabled={disabled} onAdd={onAdd} />
            ))}
          </div>
        ))}
        {query && found.length === 0 && <Empty title="Nothing is called that">Search by what it does: “2fa” finds the second factor, “if” finds the decision.</Empty>}
      </div>
      <Ghost />
    </section>
  )
}

/** The menu of a block type: breakpoints on all of its blocks. */
function openTypeMenu(event: MouseEvent<HTMLElement>, block: Descriptor): void {
  event.preventDefault()
  const box = event.currentTarget.getBoundingClientRect()
  const at = event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : { x: box.left + 12, y: box.bottom }
  const place: Draft = { kind: 'type', type: block.id }
  const set = stopAt(useRuns.getState(), place) !== undefined
  openMenuAt(at, [
    { kind: 'item', label: set ? `No longer break on every ${block.title}` : `Break on every ${block.title}`, icon: CircleDot, run: () => attempt(() => toggleStop(place)) },
    { kind: 'item', label: 'Condition or message…', icon: CircleDotDashed, run: () => editStop(place) },
  ])
}

function Entry({ block, family, disabled, onAdd }: { block: Descriptor; family: number; disabled: boolean; onAdd: (type: string) => void }) {
  const Icon = iconNamed(block.icon)
  const start = useCarryStart(block.id, disabled)
  const key = (event: KeyboardEvent<HTMLButtonElement>) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const all = [...(event.currentTarget.closest('.palette')?.querySelectorAll<HTMLElement>('[data-block]') ?? [])]
    all[all.indexOf(event.currentTarget) + by]?.focus()
  }
  return (
    <Tip
      side="right"
      text={
        <>
          <strong>{block.title}</strong>
          <br />
          {block.help || block.summary}
        </>
      }
    >
      <button
        type="button"
        className="palette-entry"
        data-block={block.id}
        disabled={disabled}
        onPointerDown={start}
        onKeyDown={key}
        onClick={(event) => event.detail === 0 && onAdd(block.id)}
        onDoubleClick={() => onAdd(block.id)}
        onContextMenu={(event) => openTypeMenu(event, block)}
      >
        <span className={`card-icon fam-${family < 0 ? 5 : family}`}>
          <Icon size={15} aria-hidden />
        </span>
        <span className="grow">
          <span className="palette-title">{block.title}</span>
          <span className="palette-help">{block.summary}</span>
        </span>
      </button>
    </Tip>
  )
}
