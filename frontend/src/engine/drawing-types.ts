// What stands on a drawing beside its blocks, and what is made of a drawing.
import type { Block, Flow, Layout } from './types'

/** A text on the ground; x counts from the left edge of its lane. */
export interface Note { stage: string; x: number; y: number; width: number; height: number; text: string }
/** A titled line around blocks, wherever they stand; collapsed, one card in their place. */
export interface Frame { title: string; blocks: string[]; collapsed?: boolean }

/** How large a block is drawn that shows its flow inside, and by how much others were moved for that. */
export interface Expansion { width: number; height: number; moved?: Record<string, { x: number; y: number }> }

export interface Extraction { flow: Flow; layout: Layout; block: string; sub: Flow; sub_layout: Layout }

export interface DrawingMethods {
  /** A picture in the project's folder `drawings`; Mermaid comes as text. */
  'flow.draw': [{ slug: string; flow: Flow; layout: Layout; format: 'svg' | 'png' | 'mermaid'; theme: 'light' | 'dark' }, { path?: string; text?: string }]
  /** The blocks that write a value, such as step.risk.level, and those that read it. */
  'flow.uses': [{ slug: string; flow: Flow; path: string }, { writes: string[]; reads: string[] }]
  /** Copied blocks out of any text, named for a flow in which these ids are taken; references among them follow. */
  'flow.paste': [{ text: string; taken: string[] }, { blocks: Record<string, Block>; places: Layout['blocks'] }]
  /** Blocks become a flow of their own, which is written; the answer is the flow that runs it. */
  'flow.extract': [{ flow: Flow; layout: Layout; blocks: string[]; slug: string; name: string }, Extraction]
}
