// Keeps the picture from afar right: paints it when its contents or the zoom
// change, and lets the view move over it otherwise. It lies in the viewport, so
// that panning moves it with everything else, without a stroke.
import type { Box } from '../../document'
import { inkOf, onTheme, type Ink } from './colours'
import { onMarks, stateNow } from './looks'
import { paint, tint } from './paint'
import type { Scene } from './scene'
import { Titles } from './titles'

export interface Eye {
  x: number
  y: number
  zoom: number
  width: number
  height: number
}

/** Painted around what is seen, in pixels of the window: so far one can pan without a stroke. */
const MARGIN = 240
/** With more cards than this a zoom moves the picture first, and paints it when it stands. */
const MANY = 1500
const STANDS = 120

export class Picture {
  private readonly context: CanvasRenderingContext2D | null
  private readonly titles = new Titles()
  private ink: Ink
  private scene: Scene | null = null
  private pointed: string | null = null
  private painted: { area: Box; eye: Eye; cards: number } | null = null
  private frame = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly stops: (() => void)[]

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly eye: () => Eye,
  ) {
    this.context = canvas.getContext('2d')
    this.ink = inkOf(canvas)
    this.stops = [
      onMarks(() => this.soon()),
      onTheme(() => {
        this.ink = inkOf(canvas)
        this.soon()
      }),
    ]
    void document.fonts.ready.then(() => this.soon())
  }

  show(scene: Scene): void {
    if (this.scene === scene) return
    this.scene = scene
    // With the frame that React has just made, not one behind it.
    this.paint()
  }

  point(wire: string | null): void {
    if (this.pointed === wire) return
    this.pointed = wire
    this.soon()
  }

  /** The view moved. */
  moved(): void {
    const { painted } = this
    if (!painted) return this.soon()
    const eye = this.eye()
    const resized = eye.width !== painted.eye.width || eye.height !== painted.eye.height
    const still = eye.zoom === painted.eye.zoom
    if (resized || !covers(painted.area, eye) || (!still && painted.cards <= MANY)) return this.soon()
    clearTimeout(this.timer)
    // A picture that stands between two pixels is painted anew where it came to rest.
    if (!still || !whole(eye, painted.eye)) this.timer = setTimeout(() => this.soon(), STANDS)
  }

  end(): void {
    cancelAnimationFrame(this.frame)
    clearTimeout(this.timer)
    this.stops.forEach((stop) => stop())
  }

  private soon(): void {
    this.frame ||= requestAnimationFrame(() => this.paint())
  }

  private paint(): void {
    cancelAnimationFrame(this.frame)
    clearTimeout(this.timer)
    this.frame = 0
    const { context, canvas, scene } = this
    const eye = this.eye()
    if (!context || !scene || eye.width === 0) return
    const ratio = devicePixelRatio
    const area = { x: (-MARGIN - eye.x) / eye.zoom, y: (-MARGIN - eye.y) / eye.zoom, width: (eye.width + 2 * MARGIN) / eye.zoom, height: (eye.height + 2 * MARGIN) / eye.zoom }
    const [width, height] = [Math.ceil((eye.width + 2 * MARGIN) * ratio), Math.ceil((eye.height + 2 * MARGIN) * ratio)]
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width
      canvas.height = height
      canvas.style.width = `${width / ratio}px`
      canvas.style.height = `${height / ratio}px`
    }
    // The few real cards that lie over the picture have its colours.
    canvas.closest<HTMLElement>('.canvas')?.style.setProperty('--far-tint', `${Math.round(tint(eye.zoom) * 100)}%`)
    canvas.style.transform = `translate(${area.x}px, ${area.y}px) scale(${1 / eye.zoom})`
    const cards = paint({ context, ink: this.ink, titles: this.titles, area, zoom: eye.zoom, ratio }, scene, stateNow(), this.pointed)
    this.painted = { area, eye, cards }
  }
}

function covers(area: Box, { x, y, zoom, width, height }: Eye): boolean {
  return -x / zoom >= area.x && -y / zoom >= area.y && (width - x) / zoom <= area.x + area.width && (height - y) / zoom <= area.y + area.height
}

function whole(a: Eye, b: Eye): boolean {
  const between = (n: number) => Math.abs(n - Math.round(n)) > 0.02
  return !between((a.x - b.x) * devicePixelRatio) && !between((a.y - b.y) * devicePixelRatio)
}
