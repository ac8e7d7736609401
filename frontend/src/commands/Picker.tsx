// A search box over a list: the shape of the command palette, of "go to", of the
// quick-add menu and of find. Arrow keys move, Enter takes, Escape leaves.
import { Dialog } from 'radix-ui'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { rankBy } from './search'
import './picker.css'

export interface PickerItem {
  id: string
  title: string
  hint?: string
  /** Further words to be found by. */
  words?: string[]
  icon?: ReactNode
  aside?: ReactNode
  group?: string
  disabled?: boolean
  take: () => void
}

interface PickerListProps {
  label: string
  placeholder: string
  items: PickerItem[]
  empty: string
  onDone: () => void
}

export function PickerList({ label, placeholder, items, empty, onDone }: PickerListProps) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)
  const found = useMemo(() => rankBy(items, query, (item) => [item.title, ...(item.words ?? [])]), [items, query])
  const current = Math.min(at, found.length - 1)

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [current, query])

  const take = (item: PickerItem | undefined) => {
    if (!item || item.disabled) return
    onDone()
    item.take()
  }
  const key = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }
    const by = moves[event.key]
    if (by !== undefined) {
      event.preventDefault()
      const last = found.length - 1
      setAt(Math.abs(by) === 1 ? (current + by + found.length) % Math.max(1, found.length) : Math.max(0, Math.min(last, current + by)))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      take(found[current])
    } else if (event.key === 'Tab') {
      event.preventDefault()
    }
    event.stopPropagation()
    if (event.key === 'Escape') onDone()
  }
  return (
    <div className="picker">
      <input
        className="picker-input"
        autoFocus
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={found[current] ? `${listId}-${current}` : undefined}
        placeholder={placeholder}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(0)
        }}
        onKeyDown={key}
      />
      <div className="picker-list" role="listbox" id={listId} aria-label={label} ref={list}>
        {found.map((item, index) => (
          <div key={item.id}>
            {query === '' && item.group && item.group !== found[index - 1]?.group && (
              <div className="menu-label" role="presentation">
                {item.group}
              </div>
            )}
            <div
              role="option"
              id={`${listId}-${index}`}
              aria-selected={index === current}
              aria-disabled={item.disabled}
              className="picker-item"
              onPointerMove={() => index !== current && setAt(index)}
              onClick={() => take(item)}
            >
              {item.icon}
              <span className="grow">
                <span className="picker-title">{item.title}</span>
                {item.hint && <span className="picker-hint">{item.hint}</span>}
              </span>
              {item.aside}
            </div>
          </div>
        ))}
        {found.length === 0 && <p className="picker-empty">{empty}</p>}
      </div>
    </div>
  )
}

/** The list in the middle of the window. */
export function PickerDialog(props: PickerListProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && props.onDone()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog top" aria-describedby={undefined}>
          <Dialog.Title className="sr-only">{props.label}</Dialog.Title>
          <PickerList {...props} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
