// What breakpoints with a message said, and a line to compute something at once.
import { Eraser, SquareTerminal } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { create } from 'zustand'
import { clearLogs, complete, compute, useRuns, type Computed, type DebugLog, type Offers, type RunView } from '../engine'
import { goToPlace } from '../document'
import { attempt, clockTime, IconButton } from '../ui'
import { Shown } from './Watches'

interface Said {
  at: string
  expression: string
  result: Computed
}

const useSaid = create<{ said: Said[] }>()(() => ({ said: [] }))
const MOST = 200

export function Console({ run, frame, past, onComputed }: { run: RunView | undefined; frame: number; past: boolean; onComputed: () => void }) {
  const logs = useRuns((state) => state.logs)
  const said = useSaid((state) => state.said)
  const list = useRef<HTMLOListElement>(null)
  const lines = [...logs.map((log) => ({ at: log.at, log })), ...said.map((entry) => ({ at: entry.at, entry }))].sort((a, b) => a.at.localeCompare(b.at))
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [lines.length])
  const clear = () => {
    clearLogs()
    useSaid.setState({ said: [] })
  }
  return (
    <section className="col console" aria-label="Console">
      <h3 className="debug-title">
        <SquareTerminal size={13} aria-hidden />
        <span className="grow">Console</span>
        <IconButton size="small" icon={Eraser} label="Clear the console" disabled={lines.length === 0} onClick={clear} />
      </h3>
      <ol className="console-lines scroll grow" ref={list} aria-label="Messages" aria-live="polite" tabIndex={0}>
        {lines.length === 0 && <li className="faint debug-none">What breakpoints with a message say stands here.</li>}
        {lines.map((line, index) => ('log' in line ? <Message key={index} log={line.log} /> : <Answer key={index} said={line.entry} />))}
      </ol>
      <Evaluate run={run} frame={frame} off={!run || past || run.status === 'running'} onComputed={onComputed} />
    </section>
  )
}

function Message({ log }: { log: DebugLog }) {
  const where = log.place.file ? `${log.place.file}:${log.place.line}` : log.place.block
  return (
    <li className="console-line">
      <span className="faint num">{clockTime(log.at)}</span>
      <span className="grow">{log.text}</span>
      <button type="button" className="link mono" onClick={() => attempt(() => goToPlace(log.place))}>
        {where}
      </button>
    </li>
  )
}

function Answer({ said }: { said: Said }) {
  return (
    <li className="console-line column">
      <span className="mono dim">› {said.expression}</span>
      <div className="watch-value">
        <Shown result={said.result} name={said.expression} />
      </div>
    </li>
  )
}

const nothing: Offers = { replaces: 0, names: [] }

function Evaluate({ run, frame, off, onComputed }: { run: RunView | undefined; frame: number; off: boolean; onComputed: () => void }) {
  const [text, setText] = useState('')
  const [offers, setOffers] = useState(nothing)
  const [at, setAt] = useState(-1)
  const past = useRef<number>(0)
  const id = useId()
  useEffect(() => {
    let current = true
    const wanted = run && !off && /[\w$.]$/.test(text) ? complete(run, frame, text) : Promise.resolve(nothing)
    wanted.catch(() => nothing).then((found) => current && (setOffers(found.names.length === 1 && text.endsWith(found.names[0]!) ? nothing : found), setAt(-1)), () => undefined)
    return () => {
      current = false
    }
  }, [run, frame, off, text])
  const take = (name: string) => setText(text.slice(0, text.length - offers.replaces) + name)
  const send = async () => {
    if (!run || text.trim() === '') return
    const result = await compute(run, frame, text.trim())
    useSaid.setState((state) => ({ said: [...state.said, { at: new Date().toISOString(), expression: text.trim(), result }].slice(-MOST) }))
    past.current = 0
    setText('')
    onComputed()
  }
  const recall = (by: number) => {
    const { said } = useSaid.getState()
    past.current = Math.max(0, Math.min(said.length, past.current + by))
    setText(said[said.length - past.current]?.expression ?? '')
  }
  const key = (event: KeyboardEvent) => {
    const names = offers.names
    const keys: Record<string, () => void> = {
      Enter: () => (names[at] === undefined ? attempt(send) : take(names[at])),
      ArrowDown: () => (names.length > 0 && past.current === 0 ? setAt((at + 1) % names.length) : recall(-1)),
      ArrowUp: () => (names.length > 0 && at >= 0 ? setAt(at - 1) : recall(1)),
      Escape: () => setOffers(nothing),
    }
    if (event.key === 'Tab' && names.length > 0 && !event.shiftKey) keys.Tab = () => take(names[Math.max(0, at)]!)
    const work = keys[event.key]
    if (!work) return
    event.preventDefault()
    event.stopPropagation()
    work()
  }
  return (
    <div className="console-input">
      {offers.names.length > 0 && (
        <div className="console-offers" role="listbox" id={`${id}-list`} aria-label="Names that fit">
          {offers.names.map((name, index) => (
            <div key={name} role="option" id={`${id}-${index}`} aria-selected={index === at} className="picker-item mono" onPointerDown={(event) => (event.preventDefault(), take(name))}>
              {name}
            </div>
          ))}
        </div>
      )}
      <span aria-hidden>›</span>
      <input
        className="input code"
        role="combobox"
        aria-label="Evaluate"
        aria-expanded={offers.names.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        placeholder={off ? 'Evaluates in a paused run' : run?.stack[frame]?.file ? 'JavaScript, Enter' : 'CEL, Enter'}
        disabled={off}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => setOffers(nothing)}
        onKeyDown={key}
      />
    </div>
  )
}
