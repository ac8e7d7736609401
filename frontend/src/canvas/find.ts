// What is looked for on the drawing in front, and what holds it.
import { create } from 'zustand'
import { select, type Hit } from '../document'
import { announce } from '../ui'
import { choosePiece } from './pieces'
import { viewHandle } from './view'

interface FindState {
  open: boolean
  /** Grows with each time the bar is asked for, so that it takes the keyboard again. */
  asked: number
  query: string
  hits: Hit[]
  keys: ReadonlySet<string>
  at: number
}

const none: ReadonlySet<string> = new Set()

export const useFind = create<FindState>()(() => ({ open: false, asked: 0, query: '', hits: [], keys: none, at: -1 }))

export function openFind(): void {
  useFind.setState((state) => ({ open: true, asked: state.asked + 1 }))
}

export function closeFind(): void {
  useFind.setState({ open: false, hits: [], keys: none, at: -1 })
}

/** What was found now; the one that was looked at stays, if it still holds the text. */
export function setHits(hits: Hit[]): void {
  const { hits: before, at } = useFind.getState()
  const key = before[at]?.key
  useFind.setState({ hits, keys: new Set(hits.map((hit) => hit.key)), at: hits.findIndex((hit) => hit.key === key) })
}

/** To the next one, or the one before, round and round. */
export function stepFind(slug: string, by: number): void {
  const { hits, at } = useFind.getState()
  if (hits.length === 0) return
  const next = at < 0 ? (by > 0 ? 0 : hits.length - 1) : (at + by + hits.length) % hits.length
  const hit = hits[next]!
  useFind.setState({ at: next })
  const piece = hit.key.startsWith('@')
  select(slug, piece ? [] : [hit.key])
  choosePiece(slug, piece ? hit.key : null)
  viewHandle()?.reveal(hit.key, false)
  announce(`${next + 1} of ${hits.length}: ${piece ? '' : `${hit.key}. `}${hit.where}`)
}

/** Whether a card holds the text, and is the one looked at. */
export function findMark(state: FindState, key: string): '' | 'hit' | 'hit now' {
  if (!state.keys.has(key)) return ''
  return state.hits[state.at]?.key === key ? 'hit now' : 'hit'
}
