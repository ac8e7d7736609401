// A note on the ground, and a frame around blocks. Their texts are written in place.
import { memo, useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { edit, pieceKey, writePiece, type Piece } from '../document'
import { findMark, useFind } from './find'
import { choosePiece, usePiece, type FrameNode, type NoteNode } from './pieces'
import { viewHandle } from './view'
import type { NodeProps } from './xyflow'
import './pieces.css'

export const NoteCard = memo(function NoteCard({ data: { slug, id, note }, selected }: NodeProps<NoteNode>) {
  const piece: Piece = { kind: 'note', id }
  const writing = useWriting(slug, piece)
  const found = useFind((state) => findMark(state, pieceKey(piece)))
  return (
    <div className={`note ${found} ${selected ? 'selected' : ''}`} onDoubleClick={() => choosePiece(slug, pieceKey(piece), true)}>
      {writing ? <Writing slug={slug} piece={piece} text={note.text} label="Text of the note" /> : note.text || <span className="faint">An empty note</span>}
    </div>
  )
})

export const FrameCard = memo(function FrameCard({ data: { slug, id, frame }, selected }: NodeProps<FrameNode>) {
  const piece: Piece = { kind: 'frame', id }
  const writing = useWriting(slug, piece)
  const found = useFind((state) => findMark(state, pieceKey(piece)))
  return (
    <div className={`frame ${found} ${selected ? 'selected' : ''}`}>
      <div className="frame-head" onDoubleClick={() => choosePiece(slug, pieceKey(piece), true)}>
        {writing ? <Writing slug={slug} piece={piece} text={frame.title} label="Title of the frame" oneLine /> : <span className="ellipsis">{frame.title}</span>}
      </div>
    </div>
  )
})

export function useWriting(slug: string, piece: Piece): boolean {
  return usePiece((state) => state.writing && state.slug === slug && state.key === pieceKey(piece))
}

export function Writing({ slug, piece, text, label, oneLine }: { slug: string; piece: Piece; text: string; label: string; oneLine?: boolean }) {
  const [draft, setDraft] = useState(text)
  const field = useRef<HTMLTextAreaElement>(null)
  const done = () => choosePiece(slug, pieceKey(piece))
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      field.current?.focus({ preventScroll: true })
      field.current?.select()
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' && !(oneLine && event.key === 'Enter')) return
    event.preventDefault()
    event.stopPropagation()
    done()
    requestAnimationFrame(() => viewHandle()?.takeFocus())
  }
  return (
    <textarea
      ref={field}
      className="piece-text nodrag nopan nowheel"
      aria-label={label}
      rows={1}
      value={draft}
      onChange={(event) => {
        const next = oneLine ? event.target.value.replace(/\n/g, ' ') : event.target.value
        setDraft(next)
        edit(slug, writePiece(piece, next))
      }}
      onBlur={done}
      onKeyDown={key}
    />
  )
}
