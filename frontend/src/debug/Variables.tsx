// The variables of a paused Action: scopes, and below them what is in a value,
// fetched page by page when it is opened. Handles live until the next stop, so
// everything open is fetched anew then.
import { Check, ChevronDown, ChevronRight, Pencil, X } from 'lucide-react'
import { useEffect, useState, type KeyboardEvent } from 'react'
import { call, inOneLine, type ActionScope, type RunView, type Variable } from '../engine'
import { attempt, CopyButton, IconButton } from '../ui'

const PAGE = 50

interface Shared {
  run: RunView
  stamp: number
  editable: boolean
  onChanged: () => void
}

/** What stands open, by path; kept while one steps. */
const open = new Set<string>(['Locals', 'Local', 'Arguments'])

export function ActionScopes({ scopes, ...shared }: Shared & { scopes: ActionScope[] }) {
  return scopes.map((scope) => <Branch key={scope.name} {...shared} name={scope.name} path={scope.name} text={scope.note ?? ''} value={scope.ref} size={scope.size} depth={0} />)
}

interface BranchProps extends Shared {
  name: string
  path: string
  text: string
  /** The handle by which it is opened. */
  value?: number
  size?: number
  depth: number
  /** The scope or value that it stands in; absent: it cannot be changed. */
  within?: number
  variable?: Variable
}

function Branch({ name, path, text, value, size, depth, within, variable, ...shared }: BranchProps) {
  const [unfolded, setUnfolded] = useState(open.has(path))
  const [editing, setEditing] = useState(false)
  const branch = value !== undefined && value > 0 && size !== 0
  const toggle = () => {
    if (unfolded) open.delete(path)
    else open.add(path)
    setUnfolded(!unfolded)
  }
  const editable = shared.editable && within !== undefined && variable?.uninitialised !== true
  const assign = (expression: string) => {
    setEditing(false)
    attempt(async () => {
      await call('debug.assign', { run: shared.run.id, ref: within!, name, expression })
      shared.onChanged()
    })
  }
  return (
    <div role="treeitem" aria-expanded={branch ? unfolded : undefined} aria-label={name} aria-selected={false}>
      <div className="tree-row" style={{ paddingLeft: depth * 14 }}>
        {branch ? (
          <button type="button" className="tree-toggle" aria-label={`${unfolded ? 'Fold' : 'Unfold'} ${name}`} onClick={toggle}>
            {unfolded ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
          </button>
        ) : (
          <span className="tree-toggle" />
        )}
        <span className="tree-key">{name}</span>
        {depth > 0 && <span className="faint">:</span>}
        {editing ? (
          <ExpressionEditor name={name} text={text} onDone={assign} onCancel={() => setEditing(false)} />
        ) : (
          <>
            <span className={`tree-value ${variable?.uninitialised ? 'null' : (variable?.type ?? '')}`} title={text} onDoubleClick={() => editable && setEditing(true)}>
              {variable?.uninitialised ? 'not set yet' : text}
            </span>
            {variable && (
              <span className="tree-actions">
                {editable && <IconButton size="small" icon={Pencil} label={`Change ${name}`} onClick={() => setEditing(true)} />}
                <CopyButton text={variable.path ?? name} label={`Copy the path ${variable.path ?? name}`} />
              </span>
            )}
          </>
        )}
      </div>
      {branch && unfolded && <Children {...shared} of={value} path={path} depth={depth + 1} />}
    </div>
  )
}

function Children({ of, path, depth, ...shared }: Shared & { of: number; path: string; depth: number }) {
  const { run, stamp } = shared
  const [page, setPage] = useState<{ variables: Variable[]; total: number; failure?: string }>({ variables: [], total: 0 })
  const [count, setCount] = useState(PAGE)
  useEffect(() => {
    let current = true
    call('debug.variable', { run: run.id, ref: of, start: 0, count })
      .then((found) => current && setPage(found))
      .catch((failure: unknown) => current && setPage({ variables: [], total: 0, failure: inOneLine(failure) }))
    return () => {
      current = false
    }
  }, [run.id, of, count, stamp])
  return (
    <div role="group">
      {page.failure && <p className="field-error">{page.failure}</p>}
      {page.variables.map((v) => (
        <Branch key={v.name} {...shared} name={v.name} path={`${path}/${v.name}`} text={v.value} value={v.ref} size={v.size} depth={depth} within={of} variable={v} />
      ))}
      {page.total > page.variables.length && (
        <button type="button" className="link tree-more" style={{ marginLeft: depth * 14 + 18 }} onClick={() => setCount(count + PAGE * 4)}>
          {page.total - page.variables.length} more
        </button>
      )}
    </div>
  )
}

function ExpressionEditor({ name, text, onDone, onCancel }: { name: string; text: string; onDone: (expression: string) => void; onCancel: () => void }) {
  const [typed, setTyped] = useState(text)
  const key = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'Enter' && typed.trim() !== '') onDone(typed)
    if (event.key === 'Escape') onCancel()
  }
  return (
    <span className="row grow" style={{ gap: 2 }}>
      <input className="input code tree-input" autoFocus value={typed} aria-label={`New value of ${name}, as JavaScript`} onChange={(event) => setTyped(event.target.value)} onKeyDown={key} />
      <IconButton size="small" icon={Check} label="Set value" disabled={typed.trim() === ''} onClick={() => onDone(typed)} />
      <IconButton size="small" icon={X} label="Keep the old value" onClick={onCancel} />
    </span>
  )
}
