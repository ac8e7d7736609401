// What came of an Action: where it left, what it asked for, what it said.
import { CircleCheck, CircleX, CornerUpRight, TriangleAlert } from 'lucide-react'
import type { ActionLog, Tried } from '../engine'
import { fileTab, goToLine, openTab } from '../document'
import { milliseconds, Tree } from '../ui'
import { asked, wordsOf } from './outcome'

const icons = { good: CircleCheck, neutral: CornerUpRight, warn: TriangleAlert, bad: CircleX }
const levels: Record<ActionLog['level'], string> = { debug: '', info: 'info', warn: 'warn', error: 'bad' }

export function TryResult({ path, tried, stale }: { path: string; tried: Tried; stale: boolean }) {
  const words = wordsOf(tried)
  const Icon = icons[words.tone]
  const parts = asked(tried)
  const { logs, require_mfa: factor } = tried.result
  const nothing = parts.length === 0 && logs.length === 0 && tried.calls.length === 0 && factor === undefined
  return (
    <section className={`try-result ${stale ? 'stale' : ''}`} aria-label="Result">
      <div className={`try-outcome ${words.tone}`} role="status">
        <Icon size={16} aria-hidden />
        <div className="grow">
          <p className="try-word">
            <strong>{words.title}</strong>
            <span className="num">{milliseconds(tried.ms)}</span>
          </p>
          {words.text && <p>{words.text}</p>}
          {tried.error?.line !== undefined && tried.error.line > 0 && <Line path={path} error={tried.error} />}
        </div>
      </div>
      {factor !== undefined && <p className="try-part">Asks for a second factor: {factor === '' ? 'any' : factor}.</p>}
      {parts.map((part) => (
        <div key={part.title} className="try-part">
          <h3 className="section-title">{part.title}</h3>
          <div className="tree" role="tree" aria-label={part.title}>
            {Object.entries(part.values).map(([name, value]) => (
              <Tree key={name} name={name} path={name} value={value} />
            ))}
          </div>
        </div>
      ))}
      {logs.length > 0 && <Logs logs={logs} />}
      {tried.calls.length > 0 && <Calls calls={tried.calls} />}
      {nothing && tried.outcome !== 'error' && <p className="try-part dim small-text">It asked for nothing else, logged nothing and called nobody.</p>}
    </section>
  )
}

function Line({ path, error }: { path: string; error: NonNullable<Tried['error']> }) {
  const target = error.file ? `actions/${error.file}` : path
  const go = () => {
    openTab(fileTab(target))
    goToLine(target, error.line ?? 1)
  }
  return (
    <button type="button" className="link" onClick={go}>
      Line {error.line}
      {error.file ? ` of ${error.file}` : ''}
    </button>
  )
}

function Logs({ logs }: { logs: ActionLog[] }) {
  return (
    <div className="try-part">
      <h3 className="section-title">Log</h3>
      <ol className="try-lines">
        {logs.map((log, index) => (
          <li key={index}>
            <span className={`badge ${levels[log.level]}`}>{log.level}</span>
            <span className="grow">
              {log.message}
              {log.fields && Object.keys(log.fields).length > 0 && <code className="try-fields">{JSON.stringify(log.fields)}</code>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

function Calls({ calls }: { calls: Tried['calls'] }) {
  return (
    <div className="try-part">
      <h3 className="section-title">Calls</h3>
      <ol className="try-lines">
        {calls.map((call, index) => (
          <li key={index}>
            <span className={`badge ${call.error || (call.status ?? 0) >= 400 ? 'bad' : 'good'}`}>{call.status ? call.status : 'failed'}</span>
            <span className="grow">
              <code className="try-url">
                {call.method} {call.url}
              </code>
              {call.error && <span className="field-error">{call.error}</span>}
            </span>
            <span className="faint num">{milliseconds(call.ms)}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}
