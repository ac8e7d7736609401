// Paints a scene as the cards would look from afar, all that looks alike in one
// stroke: what counts is how often a colour changes, not how many cards there are.
import type { Box } from '../../document'
import { paintBadges, paintStop } from './badges'
import type { Ink } from './colours'
import { cardLook, wireLook, type CardLook, type Colour, type Line, type Now } from './looks'
import { meets, type FarCard, type Scene } from './scene'
import type { Titles } from './titles'

export interface Sheet {
  context: CanvasRenderingContext2D
  ink: Ink
  titles: Titles
  /** What of the drawing is on it, in the drawing's own measure. */
  area: Box
  zoom: number
  /** Device pixels for each pixel of the window. */
  ratio: number
}

const RADIUS = 9
const STRIP = 8
const DASH = [4, 3]
/** From here on corners are round, and names can be read. */
const ROUND = 0.2
const READABLE = 0.19

/** Paints what is in the sheet's area; answers how many cards that were. */
export function paint(sheet: Sheet, scene: Scene, now: Now, pointed: string | null): number {
  const { context, area, zoom, ratio } = sheet
  const scale = zoom * ratio
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  context.setTransform(scale, 0, 0, scale, -area.x * scale, -area.y * scale)
  context.fillStyle = sheet.ink.of('frame')
  for (const frame of scene.frames) if (meets(frame, area)) context.fillRect(frame.x, frame.y, frame.width, frame.height)
  paintWires(sheet, scene, now, pointed)
  const cards = scene.cards.filter((card) => meets(card, area)).map((card) => ({ card, look: cardLook(now, scene.slug, card) }))
  paintCards(sheet, cards)
  for (const { card, look } of cards) paintBadges(sheet, card, look)
  context.globalAlpha = 1
  return cards.length
}

interface Seen {
  card: FarCard
  look: CardLook
}

/** Puts what looks alike together. */
class Alike<T> {
  private readonly groups = new Map<string, { look: T; boxes: FarCard[] }>()

  add(key: string, look: T, card: FarCard): void {
    const group = this.groups.get(key)
    if (group) group.boxes.push(card)
    else this.groups.set(key, { look, boxes: [card] })
  }

  each(paint: (look: T, boxes: FarCard[]) => void): void {
    for (const { look, boxes } of this.groups.values()) paint(look, boxes)
  }
}

const lineKey = ({ colour, width, dashed }: Line) => `${colour} ${width} ${dashed ? '-' : ''}`

function paintCards(sheet: Sheet, cards: Seen[]): void {
  const { context, ink, zoom } = sheet
  const bodies = new Alike<{ alpha: number; family: Colour; ghost: boolean }>()
  const lines = new Alike<{ alpha: number; line: Line; away: number }>()
  for (const { card, look } of cards) {
    const { alpha } = look
    bodies.add(`${alpha} ${card.family} ${card.kind}`, { alpha, family: `fam-${card.family}`, ghost: card.kind === 'ghost' }, card)
    lines.add(`${alpha} ${lineKey(look.border)}`, { alpha, line: look.border, away: -0.5 }, card)
    if (look.ring) lines.add(`ring ${lineKey(look.ring)}`, { alpha: 1, line: look.ring, away: look.ring.width / 2 }, card)
    if (look.outline) lines.add(`out ${lineKey(look.outline)}`, { alpha: 1, line: look.outline, away: 2 + look.outline.width / 2 }, card)
  }
  bodies.each(({ alpha, family, ghost }, boxes) => {
    context.globalAlpha = alpha
    fill(sheet, boxes, ink.of(ghost ? 'bg' : 'surface'))
    if (ghost) return
    context.globalAlpha = alpha * tint(zoom)
    fill(sheet, boxes, ink.of(family))
    context.globalAlpha = alpha
    strips(sheet, boxes, ink.of(family))
  })
  lines.each(({ alpha, line, away }, boxes) => {
    context.globalAlpha = alpha
    stroke(sheet, boxes, line, away)
  })
  if (zoom >= READABLE) sheet.titles.paint(sheet, cards)
}

/** The smaller a card is, the more of it has the colour of its family. */
export function tint(zoom: number): number {
  return Math.min(0.6, Math.max(0.06, 0.06 + (ROUND - zoom) * 4.5))
}

function outlineOf({ context, zoom }: Sheet, boxes: FarCard[], away: number): void {
  context.beginPath()
  for (const { x, y, width, height } of boxes) {
    if (zoom < ROUND) context.rect(x - away, y - away, width + 2 * away, height + 2 * away)
    else context.roundRect(x - away, y - away, width + 2 * away, height + 2 * away, RADIUS + away)
  }
}

function fill(sheet: Sheet, boxes: FarCard[], colour: string): void {
  outlineOf(sheet, boxes, 0)
  sheet.context.fillStyle = colour
  sheet.context.fill()
}

function strips({ context, zoom }: Sheet, boxes: FarCard[], colour: string): void {
  context.beginPath()
  for (const { x, y, height } of boxes) {
    if (zoom < ROUND) context.rect(x, y, STRIP, height)
    else context.roundRect(x, y, STRIP, height, [RADIUS, 0, 0, RADIUS])
  }
  context.fillStyle = colour
  context.fill()
}

/** A line is never so thin that what it says is lost. */
function thick({ zoom }: Sheet, width: number): number {
  return Math.max(width, (width >= 2 ? 1.5 : width > 1 ? 0.9 : 0.5) / zoom)
}

function stroke(sheet: Sheet, boxes: FarCard[], line: Line, away: number): void {
  const { context } = sheet
  outlineOf(sheet, boxes, away)
  context.strokeStyle = sheet.ink.of(line.colour)
  context.lineWidth = thick(sheet, line.width)
  context.setLineDash(line.dashed ? DASH.map((n) => n * Math.max(1, 0.6 / sheet.zoom)) : [])
  context.stroke()
  context.setLineDash([])
}

function paintWires(sheet: Sheet, scene: Scene, now: Now, pointed: string | null): void {
  const { context, area } = sheet
  const alike = new Map<string, { alpha: number; line: Line; path: [number, number, number, number][] }>()
  const stops: [string, number, number][] = []
  for (const wire of scene.wires) {
    const { from, to } = wire
    if (Math.max(from.x, to.x) < area.x || Math.min(from.x, to.x) > area.x + area.width || Math.max(from.y, to.y) < area.y || Math.min(from.y, to.y) > area.y + area.height) continue
    const look = wireLook(now, scene.slug, wire, wire.id === pointed)
    const key = `${look.alpha} ${lineKey(look.line)}`
    let group = alike.get(key)
    if (!group) alike.set(key, (group = { alpha: look.alpha, line: look.line, path: [] }))
    group.path.push([from.x, from.y, to.x, to.y])
    if (look.stop) stops.push([look.stop, wire.down ? from.x : from.x + 18, wire.down ? from.y + 18 : from.y])
  }
  // What is emphasized lies over the rest.
  for (const { alpha, line, path } of [...alike.values()].sort((a, b) => a.line.width - b.line.width)) {
    context.globalAlpha = alpha
    context.beginPath()
    for (const [x1, y1, x2, y2] of path) {
      context.moveTo(x1, y1)
      context.lineTo(x2, y2)
    }
    context.strokeStyle = sheet.ink.of(line.colour)
    context.lineWidth = thick(sheet, line.width)
    context.stroke()
  }
  context.globalAlpha = 1
  for (const [look, x, y] of stops) paintStop(sheet, look, x, y, 6)
}
