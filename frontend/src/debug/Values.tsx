// The values that the chosen frame sees: of a flow as trees, of an Action opened
// one by one. What may be changed is changed in place.
import { CircleDot, Route } from 'lucide-react'
import { setRunValue, stopAt, toggleStop, useRuns, type FlowScope, type RunView } from '../engine'
import { attempt, copyText, IconButton, notify, Tree } from '../ui'
import type { Seen } from './scopes'
import { ActionScopes } from './Variables'

/** Why nothing can be changed now; null: it can. */
function fixed(run: RunView, frame: number, past: boolean): string | null {
  if (past) return 'The past is only looked at'
  if (run.replay) return 'A replay shows what was'
  if (run.status !== 'paused') return run.status === 'waiting' || run.status === 'running' ? 'Pause to change them' : null
  if (run.stack[frame]?.file !== undefined) return null
  if (run.stack[0]?.file !== undefined) return 'Values of the flow are changed before its block'
  return frame > 0 ? 'Change values in the innermost frame' : null
}

export function Values({ run, frame, past, seen, onChanged }: { run: RunView; frame: number; past: boolean; seen: Seen; onChanged: () => void }) {
  const why = fixed(run, frame, past)
  const editable = why === null && run.status === 'paused'
  return (
    <div className="col grow debug-values">
      <h3 className="debug-title">
        {seen.action ? 'Variables' : 'Values'}
        <span className="faint">{why ?? (editable ? 'Double click a value to change it' : '')}</span>
      </h3>
      {run.error && !past && (
        <div className="debug-error" role="alert">
          <strong>{run.error.message}</strong>
          <span className="mono">
            {run.error.block}
            {run.error.line ? `, line ${run.error.line}` : ''} · {run.error.code}
          </span>
          {run.error.hint && <span>{run.error.hint}</span>}
        </div>
      )}
      {seen.failure && <p className="field-error debug-none">{seen.failure}</p>}
      <div className="tree scroll grow" role="tree" aria-label="Values of the run" key={run.id}>
        {seen.action ? (
          <ActionScopes run={run} scopes={seen.action} stamp={seen.stamp} editable={editable} onChanged={onChanged} />
        ) : (
          (seen.flow ?? []).map((scope) => <Scope key={scope.name} run={run} scope={scope} editable={editable && scope.changeable} />)
        )}
      </div>
    </div>
  )
}

const opened: Record<FlowScope['name'], number> = { event: 0, step: 2, claims: 2, input: 1, session: 0, effects: 0 }
const watchable = /^(event|step|input|claims)\.|^(claims|event)$/

function Scope({ run, scope, editable }: { run: RunView; scope: FlowScope; editable: boolean }) {
  return (
    <Tree
      name={scope.name}
      path={scope.name}
      value={scope.values ?? {}}
      open={opened[scope.name]}
      onEdit={editable ? (path, value) => attempt(() => setRunValue(run.id, path, value)) : undefined}
      canEdit={(path) => path.includes('.')}
      extra={(path) => <PathActions path={path} />}
    />
  )
}

function PathActions({ path }: { path: string }) {
  const breaks = useRuns((state) => stopAt(state, { kind: 'value', path })?.enabled ?? false)
  const copy = async () => {
    await copyText(path)
    notify.info(`Copied ${path}`)
  }
  return (
    <>
      <IconButton size="small" icon={Route} label={`Copy the path ${path}`} onClick={() => attempt(copy)} />
      {watchable.test(path) && (
        <IconButton size="small" icon={CircleDot} className={breaks ? 'stop-colour' : ''} aria-pressed={breaks} label={`Break when ${path} is written`} onClick={() => attempt(() => toggleStop({ kind: 'value', path }))} />
      )}
    </>
  )
}
