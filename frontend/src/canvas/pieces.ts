// Notes and frames as React Flow draws them, and the gestures on them.
import { create } from 'zustand'
import type { Frame, Note } from '../engine'
import { edit, frameBox, groupPlace, groupShape, groupsOf, groupWords, IN_PORT_Y, select, intoLane, laneAt, lanesOf, moveNote, pieceKey, placeOf, type Doc, type Group, type GroupShape, type Lane, type Lookup, type Point } from '../document'
import { flowOf } from '../document'
import { useStudio } from '../engine'
import { moveTo } from './gestures'
import { Position, type DrawnNode } from './xyflow'

export type NoteNode = DrawnNode<{ slug: string; id: string; note: Note }, 'note'>
export type FrameNode = DrawnNode<{ slug: string; id: string; frame: Frame }, 'frame'>

export type GroupNode = DrawnNode<{ slug: string; group: Group; shape: GroupShape }, 'collapsed'>

/** The note or frame that is selected, and whether its text is being written. */
export const usePiece = create<{ slug: string; key: string | null; writing: boolean }>()(() => ({ slug: '', key: null, writing: false }))

export function choosePiece(slug: string, key: string | null, writing = false): void {
  const now = usePiece.getState()
  if (now.slug !== slug || now.key !== key || now.writing !== writing) usePiece.setState({ slug, key, writing })
  // Who takes a collapsed frame takes the blocks that it stands for.
  const doc = flowOf(slug)?.doc
  const group = doc && key !== null ? groupsOf(doc).find((g) => g.key === key) : undefined
  if (group) select(slug, group.blocks)
}

/** Where pieces are while one of them is dragged. */
export function heldPieces(doc: Doc, lanes: Lane[], lookup: Lookup, key: string, at: Point): Map<string, Point> {
  const held = new Map<string, Point>([[key, at]])
  const frame = key.startsWith('@frame:') ? doc.layout.frames?.[key.slice(7)] : undefined
  const group = groupsOf(doc).find((g) => g.key === key)
  const box = group ? groupPlace(doc, lanes, group) : frame && frameBox(doc, lanes, frame, lookup)
  if (!frame || !box) return held
  for (const id of frame.blocks) {
    if (!doc.flow.blocks[id]) continue
    const place = placeOf(doc, lanes, id)
    held.set(id, { x: place.x + at.x - box.x, y: place.y + at.y - box.y })
  }
  return held
}

/** Lets go of a dragged note, or of the blocks of a dragged frame. */
export function dropPiece(slug: string, key: string, held: ReadonlyMap<string, Point>): void {
  const open = flowOf(slug)
  const at = held.get(key)
  if (!open || !at) return
  if (key.startsWith('@note:')) {
    const lane = laneAt(lanesOf(open.doc, useStudio.getState().catalogue), at.x + 40)
    edit(slug, moveNote(key.slice(6), lane.id, intoLane(lane, at)))
    return
  }
  moveTo(slug, new Map([...held].filter(([id]) => id !== key)))
}

/** The nodes of all notes and frames. */
export function drawPieces(slug: string, doc: Doc, lanes: Lane[], lookup: Lookup, held: ReadonlyMap<string, Point> | null, chosen: string | null): (NoteNode | FrameNode | GroupNode)[] {
  const frames = Object.entries(doc.layout.frames ?? {}).flatMap(([id, frame]): FrameNode[] => {
    if (frame.collapsed) return []
    const box = frameBox(doc, lanes, frame, lookup, held)
    const key = pieceKey({ kind: 'frame', id })
    if (!box) return []
    const size = { width: box.width, height: box.height }
    return [{ id: key, type: 'frame', position: { x: box.x, y: box.y }, zIndex: -1, data: { slug, id, frame }, dragHandle: '.frame-head', selected: chosen === key, connectable: false, ...size, measured: size, ariaLabel: `Frame ${frame.title}, around ${frame.blocks.join(', ')}` }]
  })
  const notes = Object.entries(doc.layout.notes ?? {}).map(([id, note]): NoteNode => {
    const key = pieceKey({ kind: 'note', id })
    const lane = lanes.find((l) => l.id === note.stage)
    const size = { width: note.width, height: note.height }
    return { id: key, type: 'note', position: held?.get(key) ?? { x: (lane?.x ?? 0) + note.x, y: note.y }, data: { slug, id, note }, selected: chosen === key, connectable: false, ...size, measured: size, ariaLabel: `Note: ${note.text || 'empty'}` }
  })
  const groups = groupsOf(doc).map((group) => drawGroup(slug, doc, lanes, lookup, group, held?.get(group.key), chosen === group.key))
  return [...frames, ...notes, ...groups]
}

const HANDLE = 12

function drawGroup(slug: string, doc: Doc, lanes: Lane[], lookup: Lookup, group: Group, at: Point | undefined, selected: boolean): GroupNode {
  const shape = groupShape(doc, group, lookup)
  const size = { width: shape.width, height: shape.height }
  const box = { width: HANDLE, height: HANDLE }
  return {
    id: group.key,
    type: 'collapsed',
    position: at ?? groupPlace(doc, lanes, group),
    data: { slug, group, shape },
    selected,
    connectable: false,
    ...size,
    measured: size,
    handles: [
      { id: 'in', type: 'target', position: Position.Left, x: -HANDLE / 2, y: IN_PORT_Y - HANDLE / 2, ...box },
      ...shape.ways.map((way) => ({ id: `to:${way.to}`, type: 'source' as const, position: Position.Right, x: shape.width - HANDLE / 2, y: way.y - HANDLE / 2, ...box })),
    ],
    ariaLabel: `Collapsed frame ${group.frame.title}, ${groupWords(group)}: ${group.blocks.join(', ')}. ${group.out.map((edge) => `${edge.from}, ${edge.port}, leads to ${edge.to}`).join(', ')}. Enter expands it.`,
  }
}
