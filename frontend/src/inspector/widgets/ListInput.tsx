// Rows of fields: added, removed, put in order. A row may name an outcome.
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useRef } from 'react'
import type { Field } from '../../engine'
import { Button, IconButton } from '../../ui'
import { FieldRow, type WidgetProps } from '../FieldRow'

type Row = Record<string, unknown>

export function ListInput({ id, field, path, value, onChange }: WidgetProps) {
  const rows = (Array.isArray(value) ? value : []) as Row[]
  const items = field.items ?? []
  const list = useRef<HTMLOListElement>(null)

  const change = (index: number, name: string, next: unknown) =>
    onChange(
      rows.map((row, i) => {
        if (i !== index) return row
        const copy = { ...row }
        if (next === undefined) delete copy[name]
        else copy[name] = next
        return copy
      }),
    )
  const add = () => {
    onChange([...rows, fresh(field, items, rows)])
    requestAnimationFrame(() => {
      const first = list.current?.querySelector<HTMLElement>('li:last-child input, li:last-child textarea, li:last-child select')
      first?.focus()
      if (first instanceof HTMLInputElement) first.select()
    })
  }
  const move = (index: number, by: number) => {
    const next = [...rows]
    const [row] = next.splice(index, 1)
    next.splice(index + by, 0, row!)
    onChange(next)
  }
  return (
    <div id={id}>
      <ol className="rows" ref={list}>
        {rows.map((row, index) => (
          <li key={index} className="list-row" aria-label={`${field.title}, row ${index + 1}`}>
            <div className="list-row-head">
              <span className="faint num">{index + 1}</span>
              <span className="grow" />
              <IconButton size="small" icon={ArrowUp} label={`Move row ${index + 1} up`} disabled={index === 0} onClick={() => move(index, -1)} />
              <IconButton size="small" icon={ArrowDown} label={`Move row ${index + 1} down`} disabled={index === rows.length - 1} onClick={() => move(index, 1)} />
              <IconButton size="small" icon={Trash2} label={`Remove row ${index + 1}`} onClick={() => onChange(rows.filter((_, i) => i !== index))} />
            </div>
            {items.map((item) => (
              <FieldRow
                key={item.name}
                field={item}
                path={`${path}.${index}.${item.name}`}
                value={row?.[item.name]}
                lazy={item.name === field.port_of}
                onChange={(next) => change(index, item.name, next)}
              />
            ))}
          </li>
        ))}
      </ol>
      <Button size="small" icon={Plus} onClick={add}>
        {field.port_of ? 'Add outcome' : 'Add row'}
      </Button>
    </div>
  )
}

/** A new row; one that names an outcome has a free name from the start. */
function fresh(field: Field, items: Field[], rows: Row[]): Row {
  const row: Row = {}
  for (const item of items) if (item.required && item.default !== undefined) row[item.name] = item.default
  if (field.port_of) {
    const taken = new Set(rows.map((r) => r[field.port_of!]))
    let n = rows.length + 1
    while (taken.has(`outcome_${n}`)) n++
    row[field.port_of] = `outcome_${n}`
  }
  return row
}
