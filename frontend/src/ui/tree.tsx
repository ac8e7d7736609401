// JSON values as a tree: fold, copy, and edit in place where that is allowed.
import { Check, ChevronDown, ChevronRight, Pencil, X } from 'lucide-react'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { CopyButton, IconButton } from './controls'

interface TreeProps {
  value: unknown
  name: string
  path: string
  depth?: number
  /** Levels that stand open at first. */
  open?: number
  /** Absent: read only. */
  onEdit?: (path: string, value: unknown) => void
  canEdit?: (path: string) => boolean
  /** Further buttons of a row. */
  extra?: (path: string) => ReactNode
}

export function Tree({ value, name, path, depth = 0, open = 1, onEdit, canEdit, extra }: TreeProps) {
  const branch = value !== null && typeof value === 'object'
  const [unfolded, setUnfolded] = useState(depth < open)
  const [editing, setEditing] = useState(false)
  const entries: [string, unknown][] = branch ? Object.entries(value) : []
  const editable = onEdit !== undefined && (canEdit?.(path) ?? true)
  return (
    <div role="treeitem" aria-expanded={branch ? unfolded : undefined} aria-label={name} aria-selected={false}>
      <div className="tree-row" style={{ paddingLeft: depth * 14 }}>
        {branch && entries.length > 0 ? (
          <button type="button" className="tree-toggle" aria-label={`${unfolded ? 'Fold' : 'Unfold'} ${name}`} onClick={() => setUnfolded(!unfolded)}>
            {unfolded ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
          </button>
        ) : (
          <span className="tree-toggle" />
        )}
        <span className="tree-key">{name}</span>
        <span className="faint">:</span>
        {editing && onEdit ? (
          <ValueEditor
            name={path}
            value={value}
            onCancel={() => setEditing(false)}
            onDone={(next) => {
              setEditing(false)
              onEdit(path, next)
            }}
          />
        ) : (
          <>
            <span className={`tree-value ${kindOf(value)}`} onDoubleClick={() => editable && !branch && setEditing(true)} title={branch ? undefined : show(value)}>
              {branch ? brief(value) : show(value)}
            </span>
            <span className="tree-actions">
              {editable && <IconButton size="small" icon={Pencil} label={`Change ${path}`} onClick={() => setEditing(true)} />}
              <CopyButton text={branch ? JSON.stringify(value, null, 2) : typeof value === 'string' ? value : JSON.stringify(value)} label={`Copy ${path}`} />
              {extra?.(path)}
            </span>
          </>
        )}
      </div>
      {branch && unfolded && entries.length > 0 && (
        <div role="group">
          {entries.map(([key, child]) => (
            <Tree key={key} name={key} value={child} path={path ? `${path}.${key}` : key} depth={depth + 1} open={open} onEdit={onEdit} canEdit={canEdit} extra={extra} />
          ))}
        </div>
      )}
    </div>
  )
}

function ValueEditor({ name, value, onDone, onCancel }: { name: string; value: unknown; onDone: (value: unknown) => void; onCancel: () => void }) {
  const [text, setText] = useState(() => String(JSON.stringify(value)))
  const parsed = parse(text)
  const done = () => parsed && onDone(parsed.value)
  const key = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Enter') done()
    if (event.key === 'Escape') onCancel()
  }
  return (
    <span className="row grow" style={{ gap: 2 }}>
      <input
        className="input code"
        style={{ minHeight: 22, padding: '1px 6px' }}
        autoFocus
        value={text}
        aria-label={`New value of ${name}, as JSON`}
        aria-invalid={!parsed}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={key}
      />
      <IconButton size="small" icon={Check} label={parsed ? 'Set value' : 'Not valid JSON. Texts stand in quotes: "text"'} disabled={!parsed} onClick={done} />
      <IconButton size="small" icon={X} label="Keep the old value" onClick={onCancel} />
    </span>
  )
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return null
  }
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined'
}

function brief(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.length} ]`
  const keys = Object.keys(value)
  return keys.length === 0 ? '{}' : `{ ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''} }`
}
