// Commands on notes and frames, on parts of a drawing, and on its picture.
import { call, descriptorOf, useStudio } from '../engine'
import { addFrame, addNote, CARD_WIDTH, cardShape, deletePiece, edit, intoLane, laneAt, lanesOf, pieceOf, replaceWith, select, toIdentifier, type Doc, type Point } from '../document'
import type { Command } from '../commands'
import { announce, copyText, notify } from '../ui'
import { frontFlow, hasBlocks, hasFlow, onFlow } from './front'
import { choosePiece, usePiece } from './pieces'
import { askExtract } from './ExtractDialog'
import { viewHandle } from './view'

function chosenPiece() {
  const { slug, key } = usePiece.getState()
  return slug === frontFlow()?.slug ? pieceOf(key) : null
}
const hasPiece = () => chosenPiece() !== null

const note = onFlow((open) => {
  const handle = viewHandle()
  if (!handle) return
  const at = handle.middle()
  const lane = laneAt(lanesOf(open.doc, useStudio.getState().catalogue), at.x)
  const { edit: step, key } = addNote(open.doc, lane.id, clearOf(open.doc, lane.id, intoLane(lane, at)))
  if (!edit(open.slug, step)) return
  select(open.slug, [])
  choosePiece(open.slug, key, true)
})

/** The place, or the next one below it where the note covers no card. */
function clearOf(doc: Doc, stage: string, at: Point): Point {
  const cards = Object.entries(doc.flow.blocks).flatMap(([id, block]) => {
    const place = doc.layout.blocks[id]
    if (!place || block.stage !== stage || Math.abs(place.x - at.x) > CARD_WIDTH) return []
    return [{ top: place.y - NOTE_ROOM, bottom: place.y + cardShape(block, descriptorOf(block.type, block.config)).height + 16 }]
  })
  let { y } = at
  for (const card of cards.sort((a, b) => a.top - b.top)) if (y > card.top && y < card.bottom) y = card.bottom
  return { x: at.x, y }
}

const NOTE_ROOM = 88

const frame = onFlow((open) => {
  const { edit: step, key } = addFrame(open.doc, open.blocks)
  if (!edit(open.slug, step)) return
  announce(step.label)
  select(open.slug, [])
  choosePiece(open.slug, key, true)
})

const remove = onFlow((open) => {
  const piece = chosenPiece()
  if (!piece) return
  const step = deletePiece(piece)
  if (edit(open.slug, step)) announce(step.label)
  choosePiece(open.slug, null)
})

/** Takes the selection out into a flow of its own; what is left is one step. */
async function extract(slug: string, blocks: string[], name: string): Promise<void> {
  const open = frontFlow()
  if (open?.slug !== slug) return
  const taken = new Set(useStudio.getState().project?.flows.map((flow) => flow.slug))
  let into = toIdentifier(name)
  for (let n = 2; taken.has(into); n++) into = `${toIdentifier(name)}_${n}`
  const out = await call('flow.extract', { flow: open.doc.flow, layout: open.doc.layout, blocks, slug: into, name })
  if (frontFlow()?.doc !== open.doc) {
    notify.info(`The flow was changed meanwhile. ${into} was written, and nothing runs it yet.`)
    return
  }
  edit(slug, replaceWith({ flow: out.flow, layout: out.layout }, `Extract ${blocks.length} blocks into ${into}`))
  select(slug, [out.block])
  announce(`${blocks.length} blocks are the flow ${name} now`)
  requestAnimationFrame(() => viewHandle()?.reveal(out.block, true))
}

function picture(format: 'svg' | 'png' | 'mermaid') {
  return onFlow(async (open) => {
    const theme = document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'
    const drawn = await call('flow.draw', { slug: open.slug, flow: open.doc.flow, layout: open.doc.layout, format, theme })
    if (drawn.text !== undefined) {
      await copyText(drawn.text)
      notify.info('The Mermaid chart is on the clipboard.')
    } else notify.info(`The picture is in ${drawn.path ?? ''}.`)
  })
}

export const pieceCommands: Command[] = [
  { id: 'edit.note', title: 'Add a note', menu: 'Edit', group: 4, keys: ['N'], where: 'canvas', when: hasFlow, run: note },
  { id: 'edit.frame', title: 'Frame the selection', menu: 'Edit', group: 4, keys: ['F'], where: 'canvas', when: hasBlocks, run: frame },
  {
    id: 'edit.extract',
    title: 'Extract into a subflow…',
    menu: 'Edit',
    group: 4,
    keys: ['Shift+E'],
    where: 'canvas',
    when: hasBlocks,
    run: onFlow((open) => askExtract(open.blocks.length, (name) => extract(open.slug, open.blocks, name))),
  },
  { id: 'piece.delete', title: 'Delete the note or frame', keys: ['Delete', 'Backspace'], where: 'canvas', when: hasPiece, run: remove },
  { id: 'piece.write', title: 'Write in the note or frame', keys: ['Enter', 'F2'], where: 'canvas', when: hasPiece, run: onFlow((open) => choosePiece(open.slug, usePiece.getState().key, true)) },
  { id: 'piece.leave', title: 'Leave the note or frame', keys: ['Escape'], where: 'canvas', hidden: true, when: hasPiece, run: onFlow((open) => choosePiece(open.slug, null)) },
  { id: 'file.picture.svg', title: 'Export as a picture (SVG)', menu: 'File', group: 2, when: hasFlow, run: picture('svg') },
  { id: 'file.picture.png', title: 'Export as a picture (PNG)', menu: 'File', group: 2, when: hasFlow, run: picture('png') },
  { id: 'file.picture.mermaid', title: 'Copy as a Mermaid chart', menu: 'File', group: 2, when: hasFlow, run: picture('mermaid') },
]
