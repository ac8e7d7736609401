// The names of cards from afar: large, and cut where the card ends.
import type { CardLook } from './looks'
import type { Sheet } from './paint'
import type { FarCard } from './scene'

const SIZE = 24
/** Before and behind the name, as the cards have it. */
const LEFT = 22
const ROOM = 187

export class Titles {
  private readonly cut = new Map<string, string>()
  private letters = ''

  paint({ context, ink }: Pick<Sheet, 'context' | 'ink'>, cards: { card: FarCard; look: CardLook }[]): void {
    context.font = `600 ${SIZE}px ${ink.letters}`
    if (this.letters !== context.font) this.cut.clear()
    this.letters = context.font
    context.fillStyle = ink.of('text')
    context.textBaseline = 'middle'
    for (const { card, look } of cards) {
      context.globalAlpha = look.alpha
      context.fillText(this.fitting(context, card.title), card.x + LEFT, card.y + card.height / 2 + 1)
    }
  }

  private fitting(context: CanvasRenderingContext2D, title: string): string {
    let found = this.cut.get(title)
    if (found !== undefined) return found
    found = title
    for (let end = title.length - 1; end > 0 && context.measureText(found).width > ROOM; end--) found = `${title.slice(0, end).trimEnd()}…`
    this.cut.set(title, found)
    return found
  }
}
