// Notes and frames: what stands on a drawing for people alone. They are kept with
// the positions, and no edit of them changes what a flow means (rule G1).
import type { Frame, Layout, Note } from '../engine'
import type { Edit, Lookup } from './edits'
import { LANE_PAD, placeOf, type Lane } from './lanes'
import type { Doc, Point } from './model'
import { sizeOf } from './expanded'
import { CARD_WIDTH, snap } from './sizes'

export type PieceKind = 'note' | 'frame'

/** `note:<id>` or `frame:<id>`, as the canvas names it. */
export interface Piece {
  kind: PieceKind
  id: string
}

export function pieceOf(key: string | null): Piece | null {
  const found = key === null ? null : /^@(note|frame):(.+)$/.exec(key)
  return found ? { kind: found[1] as PieceKind, id: found[2]! } : null
}

export function pieceKey({ kind, id }: Piece): string {
  return `@${kind}:${id}`
}

export const NOTE_WIDTH = CARD_WIDTH
const NOTE_LINE = 17
const NOTE_PAD = 24
const NOTE_CHARS = 32

const FRAME_PAD = 18
export const FRAME_HEAD = 26

/** Tall enough for its text, without drawing it. */
export function noteHeight(text: string): number {
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / NOTE_CHARS)), 0)
  return Math.max(56, NOTE_PAD + lines * NOTE_LINE)
}

function free(taken: object | undefined, base: string): string {
  for (let n = 1; ; n++) if (!taken || !(`${base}${n}` in taken)) return `${base}${n}`
}

export function addNote(doc: Doc, stage: string, at: Point): { edit: Edit; key: string } {
  const id = free(doc.layout.notes, 'note')
  const note: Note = { stage, x: Math.max(LANE_PAD / 2, snap(at.x)), y: snap(at.y), width: NOTE_WIDTH, height: noteHeight(''), text: '' }
  return { key: pieceKey({ kind: 'note', id }), edit: { label: 'Add a note', apply: (into) => withNote(into, id, note) } }
}

export function addFrame(doc: Doc, blocks: string[]): { edit: Edit; key: string } {
  const id = free(doc.layout.frames, 'frame')
  return {
    key: pieceKey({ kind: 'frame', id }),
    edit: {
      label: blocks.length === 1 ? 'Frame a block' : `Frame ${blocks.length} blocks`,
      apply: (into) => ({ ...into, layout: { ...into.layout, frames: { ...into.layout.frames, [id]: { title: 'Frame', blocks } } } }),
    },
  }
}

function withNote(doc: Doc, id: string, note: Note): Doc {
  return { ...doc, layout: { ...doc.layout, notes: { ...doc.layout.notes, [id]: note } } }
}

export function moveNote(id: string, stage: string, at: Point, merge?: string): Edit {
  return {
    label: 'Move note',
    merge,
    apply: (doc) => {
      const note = doc.layout.notes?.[id]
      return note ? withNote(doc, id, { ...note, stage, x: Math.round(at.x), y: Math.round(at.y) }) : doc
    },
  }
}

/** The text of a note or the title of a frame. */
export function writePiece({ kind, id }: Piece, text: string): Edit {
  return {
    label: kind === 'note' ? 'Change the note' : 'Rename the frame',
    merge: `piece:${kind}:${id}`,
    apply(doc) {
      if (kind === 'note') {
        const note = doc.layout.notes?.[id]
        return note ? withNote(doc, id, { ...note, text, height: noteHeight(text) }) : doc
      }
      const frame = doc.layout.frames?.[id]
      return frame ? { ...doc, layout: { ...doc.layout, frames: { ...doc.layout.frames, [id]: { ...frame, title: text } } } } : doc
    },
  }
}

export function deletePiece({ kind, id }: Piece): Edit {
  return {
    label: kind === 'note' ? 'Delete note' : 'Remove the frame',
    apply(doc) {
      if (kind === 'note') return { ...doc, layout: trimmed({ ...doc.layout, notes: without(doc.layout.notes, id) }) }
      return { ...doc, layout: trimmed({ ...doc.layout, frames: without(doc.layout.frames, id) }) }
    },
  }
}

function without<T>(all: Record<string, T> | undefined, id: string): Record<string, T> {
  const next = { ...all }
  delete next[id]
  return next
}

/** Nothing empty is written. */
function trimmed(layout: Layout): Layout {
  const next = { ...layout }
  if (next.notes && Object.keys(next.notes).length === 0) delete next.notes
  if (next.frames && Object.keys(next.frames).length === 0) delete next.frames
  return next
}

/** A layout whose frames let go of deleted blocks; one left empty goes with them. */
export function unframed(layout: Layout, gone: ReadonlySet<string>): Layout {
  if (!layout.frames) return layout
  const frames: Record<string, Frame> = {}
  for (const [id, frame] of Object.entries(layout.frames)) {
    const blocks = frame.blocks.filter((block) => !gone.has(block))
    if (blocks.length > 0) frames[id] = { ...frame, blocks }
  }
  return trimmed({ ...layout, frames })
}

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Where a frame's line runs; null when none of its blocks is there. */
export function frameBox(doc: Doc, lanes: Lane[], frame: Frame, lookup: Lookup, held?: ReadonlyMap<string, Point> | null): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const id of frame.blocks) {
    if (!doc.flow.blocks[id]) continue
    const at = held?.get(id) ?? placeOf(doc, lanes, id)
    const size = sizeOf(doc, id, lookup)
    left = Math.min(left, at.x)
    top = Math.min(top, at.y)
    right = Math.max(right, at.x + size.width)
    bottom = Math.max(bottom, at.y + size.height)
  }
  if (left === Infinity) return null
  return { x: left - FRAME_PAD, y: top - FRAME_PAD - FRAME_HEAD, width: right - left + 2 * FRAME_PAD, height: bottom - top + 2 * FRAME_PAD + FRAME_HEAD }
}
