// One hint at a time, beside what it speaks of. It takes nothing away: no
// overlay, no focus; it can be reached with the keyboard and read aloud.
import { Lightbulb } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { allCommands, shownKey } from '../commands'
import { useRuns, useSettings, useStudio } from '../engine'
import { announce, Button, CommandKey, formatKeys } from '../ui'
import { followLearning, hintFor, noMoreHints, putAway, situation } from './hints'
import { spotFor, type Box, type Spot } from './place'
import { hintTexts, hintWords, type HintId } from './texts'
import './hints.css'

/** How often a callout looks where its target is: panning moves it. */
const LOOK_MS = 120

export function Hints() {
  useRuns()
  useStudio((state) => state.project)
  const values = useSettings((state) => state.values)
  const loaded = useSettings((state) => state.loaded)
  useEffect(followLearning, [])
  const hint = loaded ? hintFor(situation(), values) : null
  return hint && <Callout key={hint.id} id={hint.id} target={hint.target} />
}

function Callout({ id, target }: { id: HintId; target: string }) {
  const { title, text } = hintTexts[id]
  const box = useBox(target)
  const [spot, setSpot] = useState<Spot | null>(null)
  const callout = useRef<HTMLElement>(null)
  const there = box !== null
  useLayoutEffect(() => {
    const own = callout.current
    if (!own || !box) return
    setSpot(spotFor(box, { width: own.offsetWidth, height: own.offsetHeight }, { width: window.innerWidth, height: window.innerHeight }))
  }, [box])
  useEffect(() => {
    if (there) announce(`${hintWords.region}: ${title}. ${spoken(text)}`)
  }, [there, title, text])
  const leave = (way: () => void) => {
    if (callout.current?.contains(document.activeElement)) focusIn(target)
    way()
  }
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    leave(() => putAway(id))
  }
  if (!box) return null
  return (
    <aside
      ref={callout}
      className={`hint ${spot?.side ?? ''}`}
      aria-label={hintWords.region}
      data-region="hint"
      data-target={target}
      style={spot ? { left: spot.left, top: spot.top, ['--arrow' as string]: `${spot.arrow}px` } : { visibility: 'hidden' }}
      onKeyDown={key}
    >
      <h2>
        <Lightbulb size={14} aria-hidden />
        {title}
      </h2>
      <p>{written(text)}</p>
      <div className="row">
        <Button size="small" look="primary" onClick={() => leave(() => putAway(id))}>
          {hintWords.gotIt}
        </Button>
        <Button size="small" look="ghost" title={hintWords.back} onClick={() => leave(noMoreHints)}>
          {hintWords.off}
        </Button>
      </div>
    </aside>
  )
}

/** Where the target is; null while it is not in sight. */
function useBox(target: string): Box | null {
  const [box, setBox] = useState<Box | null>(null)
  useEffect(() => {
    const look = () => {
      const rect = document.querySelector(target)?.getBoundingClientRect()
      const seen = rect !== undefined && rect.width > 0 && rect.right > 0 && rect.bottom > 0 && rect.left < window.innerWidth && rect.top < window.innerHeight
      const next = seen ? { left: rect.left, top: rect.top, width: rect.width, height: rect.height } : null
      setBox((now) => (same(now, next) ? now : next))
    }
    look()
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
  }, [target])
  return box
}

function same(a: Box | null, b: Box | null): boolean {
  return a === b || (a !== null && b !== null && a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height)
}

/** The keyboard goes on where the hint pointed. */
function focusIn(target: string): void {
  const element = document.querySelector<HTMLElement>(target)
  const first = element?.matches('button, [tabindex]') ? element : element?.querySelector<HTMLElement>('button:not(:disabled), [tabindex="0"]')
  first?.focus()
}

const COMMAND = /\{([^}]+)\}/

function written(text: string) {
  return text.split(COMMAND).map((part, i) => (i % 2 === 1 ? <CommandKey key={i} command={part} /> : part))
}

function spoken(text: string): string {
  return text
    .split(COMMAND)
    .map((part, i) => {
      if (i % 2 === 0) return part
      const command = allCommands().find((c) => c.id === part)
      const keys = command && shownKey(command)
      return keys ? formatKeys(keys) : ''
    })
    .join('')
}
