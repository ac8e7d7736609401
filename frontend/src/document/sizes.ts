// How large a card is, known without drawing it: the canvas declares these sizes
// so that what is out of sight need not be rendered to be measured.
import type { Block, Descriptor } from '../engine'
import { ERROR_PORT, portsOf, type PortView } from './ports'
import { summaryOf } from './summary'

export const CARD_WIDTH = 224
export const HEADER_HEIGHT = 48
export const SUMMARY_HEIGHT = 20
export const PORT_HEIGHT = 22
export const PORTS_PAD = 5
/** Where the incoming port stands, from the top. */
export const IN_PORT_Y = 24
/** Where the error port stands, from the left, on the lower edge. */
export const ERROR_PORT_X = CARD_WIDTH - 28

const GRID = 8

export interface CardShape {
  width: number
  height: number
  /** Ports on the right side with their middle, from the top. */
  ports: { port: PortView; y: number }[]
  error: PortView | undefined
}

/** `grown`: how large the card is at least, where it shows a flow inside. */
export function cardShape(block: Block, descriptor: Descriptor | undefined, grown?: { width: number; height: number }): CardShape {
  const all = portsOf(block, descriptor)
  const listed = all.filter((port) => port.id !== ERROR_PORT)
  const top = HEADER_HEIGHT + (summaryOf(block, descriptor) ? SUMMARY_HEIGHT : 0) + (listed.length > 0 ? PORTS_PAD : 0)
  return {
    width: Math.max(CARD_WIDTH, grown?.width ?? 0),
    height: Math.max(top + listed.length * PORT_HEIGHT + (listed.length > 0 ? PORTS_PAD : 0), grown?.height ?? 0),
    ports: listed.map((port, index) => ({ port, y: top + index * PORT_HEIGHT + PORT_HEIGHT / 2 })),
    error: all.find((port) => port.id === ERROR_PORT),
  }
}

export function snap(value: number): number {
  return Math.round(value / GRID) * GRID
}
