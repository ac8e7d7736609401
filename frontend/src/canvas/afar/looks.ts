// How a card or a wire looks from afar, by what is the matter with it: the same
// order of marks that the style sheet has for the cards themselves.
import { breakpointAt, compareEdge, compareMark, edgeStopAt, pinAt, stopLook, useCompare, useContracts, useProblems, useRuns, useTests } from '../../engine'
import { useUses, usesMark } from '../../document'
import { findMark, useFind } from '../find'
import { useHover } from '../hover'
import { breakMark, coverMark, groupBreak, groupCover, groupMark, problemsByBlock, wireMark } from '../marks'
import type { FarCard, FarWire } from './scene'

/** A colour of the theme, by the name of its custom property. */
export type Colour = 'surface' | 'canvas' | 'bg' | 'border-strong' | 'accent' | 'good' | 'bad' | 'warn' | 'warn-line' | 'info' | 'neutral' | 'text' | 'text-2' | 'text-3' | 'stop' | 'bad-soft' | 'warn-soft' | 'info-soft' | 'frame' | `fam-${number}`

export interface Line {
  colour: Colour
  width: number
  dashed?: boolean
}

export interface CardLook {
  alpha: number
  border: Line
  /** Around the card, close to it. */
  ring?: Line
  /** Around the card, away from it: what is compared, looked for, used. */
  outline?: Line
  problems?: { colour: Colour; soft: Colour; count: number }
  stop?: string
  pin?: { on: boolean }
}

export interface WireLook {
  alpha: number
  line: Line
  stop?: string
}

/** Everything that marks lie in, read once for one picture. */
export function stateNow() {
  return { runs: useRuns.getState(), tests: useTests.getState(), contracts: useContracts.getState(), compare: useCompare.getState(), find: useFind.getState(), uses: useUses.getState(), problems: useProblems.getState(), hover: useHover.getState() }
}

export type Now = ReturnType<typeof stateNow>

/** Calls back whenever any of it changes. */
export function onMarks(tell: () => void): () => void {
  const stops = [useRuns, useTests, useContracts, useCompare, useFind, useUses, useProblems, useHover].map((store) => store.subscribe(tell))
  return () => stops.forEach((stop) => stop())
}

const severities = { error: ['bad', 'bad-soft'], warning: ['warn', 'warn-soft'], info: ['info', 'info-soft'] } as const

export function cardLook(now: Now, slug: string, card: FarCard): CardLook {
  if (card.kind === 'ghost') return { alpha: 0.75, border: { colour: 'bad', width: 2, dashed: true } }
  const look = painted(now, slug, card)
  if (card.kind === 'group') look.border.dashed = true
  if (card.selected) {
    look.alpha = 1
    look.border = { colour: 'accent', width: 1 }
    look.ring = { colour: 'accent', width: 2 }
  }
  look.outline = outline(now, slug, card)
  const problems = card.blocks.flatMap((id) => problemsByBlock(now.problems, slug).get(id) ?? [])
  if (problems.length > 0) {
    const grave = (['error', 'warning'] as const).find((severity) => problems.some((problem) => problem.severity === severity)) ?? 'info'
    look.problems = { colour: severities[grave][0], soft: severities[grave][1], count: problems.length }
  }
  const stop = card.blocks.map((id) => breakpointAt(now.runs, slug, id)).find(Boolean)
  if (stop) look.stop = stopLook(stop)
  const pin = card.kind === 'block' ? pinAt(now.runs, slug, card.id) : undefined
  if (pin) look.pin = { on: pin.enabled }
  return look
}

/** What a run, a broken contract or the tests paint on a card. */
function painted(now: Now, slug: string, { blocks }: FarCard): CardLook {
  const mark = groupMark(now.runs, slug, blocks) ?? groupBreak(now.contracts, slug, blocks) ?? groupCover(now.tests, slug, blocks)
  const plain: Line = { colour: 'border-strong', width: 1 }
  switch (mark) {
    case 'current':
      return { alpha: 1, border: { colour: 'accent', width: 1 }, ring: { colour: 'accent', width: 3 } }
    case 'paused':
      return { alpha: 1, border: { colour: 'warn-line', width: 1 }, ring: { colour: 'warn-line', width: 3 } }
    case 'failed':
    case 'broken':
      return { alpha: 1, border: { colour: 'bad', width: 1 }, ring: { colour: 'bad', width: 2 } }
    case 'visited':
    case 'covered':
      return { alpha: 1, border: { colour: 'good', width: 1.5 } }
    case 'breaking':
      return { alpha: 1, border: { colour: 'bad', width: 1.5 } }
    case 'missed':
      return { alpha: 0.6, border: { colour: 'warn', width: 1, dashed: true } }
    case 'dim':
      return { alpha: 0.42, border: plain }
    case null:
      return { alpha: 1, border: plain }
  }
}

const compared: Partial<Record<string, Line>> = {
  'cmp-added': { colour: 'good', width: 2 },
  'cmp-changed': { colour: 'warn', width: 2 },
  'cmp-moved': { colour: 'text-3', width: 2, dashed: true },
}

function outline(now: Now, slug: string, card: FarCard): Line | undefined {
  const used = card.kind === 'block' ? usesMark(now.uses, slug, card.id) : ''
  if (used) return { colour: 'accent', width: 3, dashed: used === 'uses-reads' }
  const found = [card.id, ...card.blocks].map((key) => findMark(now.find, key))
  if (found.includes('hit now')) return { colour: 'warn', width: 5 }
  if (found.includes('hit')) return { colour: 'warn', width: 3 }
  return card.kind === 'block' ? compared[compareMark(now.compare, slug, card.id)] : undefined
}

export function wireLook(now: Now, slug: string, wire: FarWire, pointed: boolean): WireLook {
  const start = wire.id.startsWith('@')
  const mark = wireMark(now.runs, slug, wire.id) ?? (start ? null : (breakMark(now.contracts, slug, wire.block, wire.port) ?? coverMark(now.tests, slug, wire.block, wire.port)))
  const stop = start ? undefined : edgeStopAt(now.runs, slug, wire.block, wire.port)
  const look: WireLook = { alpha: 1, line: { colour: wire.tone === 'warn' ? 'warn-line' : (wire.tone as Colour), width: 1.75 }, ...(stop && { stop: stopLook(stop) }) }
  if (mark === 'dim') look.alpha = 0.28
  if (mark === 'missed') look.alpha = 0.35
  if (mark === 'visited' || mark === 'covered' || mark === 'breaking') look.line.width = 3
  if (mark === 'breaking') look.line.colour = 'bad'
  if (!start && compareEdge(now.compare, slug, wire.block, wire.port) === 'cmp-added') look.line = { colour: 'good', width: 3 }
  if (pointed) look.line.width = Math.max(look.line.width, 2.75)
  if (wire.selected) look.line = { colour: 'accent', width: 3 }
  if (now.hover.edge === wire.id) look.line = { colour: 'accent', width: 4 }
  return look
}
