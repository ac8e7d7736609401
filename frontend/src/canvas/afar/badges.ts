// The small marks on a card from afar, larger than near by, so that they are seen:
// problems, breakpoints, pins.
import type { CardLook } from './looks'
import type { Sheet } from './paint'
import type { FarCard } from './scene'

const PILL_HEIGHT = 29
/** From here on a pill can show what is in it. */
const DETAIL = 0.19
/** However small the drawing, a mark is this large on the screen. */
const LEAST = 2

export function paintBadges(sheet: Sheet, card: FarCard, look: CardLook): void {
  if (look.problems) paintProblems(sheet, card, look.problems)
  if (look.pin) pill(sheet, card.x + 36, card.y, 40, 'surface', look.pin.on ? 'accent' : 'border-strong')
  if (look.stop) paintStop(sheet, look.stop, card.x, card.y, 11)
}

function paintProblems(sheet: Sheet, card: FarCard, { colour, soft, count }: NonNullable<CardLook['problems']>): void {
  const { context, ink, zoom } = sheet
  const label = count > 1 && zoom >= DETAIL ? String(count) : ''
  const width = label ? 56 : 38
  const x = card.x + card.width - 10 - width / 2
  if (zoom < DETAIL) {
    disc(sheet, x, card.y, 11, ink.of(colour), ink.of('surface'))
    return
  }
  pill(sheet, x, card.y, width, soft, colour)
  context.strokeStyle = ink.of(colour)
  context.lineWidth = 3
  context.lineJoin = 'round'
  const left = label ? x - 12 : x
  context.beginPath()
  context.moveTo(left, card.y - 7)
  context.lineTo(left + 8, card.y + 6)
  context.lineTo(left - 8, card.y + 6)
  context.closePath()
  context.stroke()
  if (!label) return
  context.font = `600 18px ${ink.letters}`
  context.fillStyle = ink.of(colour)
  context.textBaseline = 'middle'
  context.fillText(label, x + 4, card.y + 1)
}

function pill({ context, ink }: Sheet, x: number, y: number, width: number, fill: Parameters<Sheet['ink']['of']>[0], line: Parameters<Sheet['ink']['of']>[0]): void {
  context.globalAlpha = 1
  context.beginPath()
  context.roundRect(x - width / 2, y - PILL_HEIGHT / 2, width, PILL_HEIGHT, PILL_HEIGHT / 2)
  context.fillStyle = ink.of(fill)
  context.fill()
  context.strokeStyle = ink.of(line)
  context.lineWidth = 1.6
  context.stroke()
}

function disc({ context, zoom }: Sheet, x: number, y: number, radius: number, fill: string, line: string): void {
  context.globalAlpha = 1
  context.beginPath()
  context.arc(x, y, Math.max(radius, LEAST / zoom), 0, Math.PI * 2)
  context.fillStyle = fill
  context.fill()
  context.strokeStyle = line
  context.lineWidth = Math.max(2, 0.5 / zoom)
  context.stroke()
}

/** A breakpoint: full, hollow when it is off, amber when it cannot bind, a diamond when it asks or logs. */
export function paintStop(sheet: Sheet, look: string, x: number, y: number, radius: number): void {
  const { context, ink, zoom } = sheet
  const fill = ink.of(look === 'off' || look === 'log' ? 'surface' : look === 'unbound' ? 'warn-line' : 'stop')
  const line = ink.of(look === 'off' || look === 'log' ? 'stop' : 'surface')
  if (look !== 'conditional' && look !== 'log') return disc(sheet, x, y, radius, fill, line)
  const r = Math.max(radius, LEAST / zoom)
  context.globalAlpha = 1
  context.beginPath()
  context.moveTo(x, y - r)
  context.lineTo(x + r, y)
  context.lineTo(x, y + r)
  context.lineTo(x - r, y)
  context.closePath()
  context.fillStyle = fill
  context.fill()
  context.strokeStyle = line
  context.lineWidth = Math.max(2, 0.5 / zoom)
  context.stroke()
}
