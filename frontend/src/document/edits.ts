// Every change of a document, as a named edit: a label for the history and a
// function from one document to the next. Whether an edit makes sense is asked
// elsewhere (rules.ts); an edit on something absent changes nothing.
import type { Block, Descriptor, Flow, FlowEdit } from '../engine'
import { edgesInto, findEdge, withBlock, withPlace, wire, type Doc, type Point } from './model'
import { withoutExpansion } from './expanded'
import { unframed } from './pieces'
import { mainPort, portsOf, rowName } from './ports'

export interface Edit {
  label: string
  apply(doc: Doc): Doc
  /** Edits with one key that follow closely are one step of the history. */
  merge?: string
}

/** Of a type; with its config, as it is for one block. */
export type Lookup = (type: string, config?: Record<string, unknown>) => Descriptor | undefined

export interface Placed {
  id: string
  block: Block
  at: Point
}

function put(doc: Doc, { id, block, at }: Placed): Doc {
  const flow = { ...doc.flow, blocks: { ...doc.flow.blocks, [id]: block }, start: doc.flow.start || id }
  return withPlace({ ...doc, flow }, id, at)
}

/** A new block on its own; the first of a flow is where it starts. */
export function addBlock(placed: Placed, title: string): Edit {
  return { label: `Add ${title}`, apply: (doc) => put(doc, placed) }
}

/** A new block led to from a port that was dragged into the empty. */
export function addConnected(placed: Placed, title: string, from: string, port: string): Edit {
  return {
    label: `Add ${title}`,
    apply: (doc) => withBlock(put(doc, placed), from, (block) => wire(block, port, placed.id)),
  }
}

/** A new block in the middle of a wire: its main port goes on to the old target. */
export function insertOnEdge(placed: Placed, title: string, edge: string, lookup: Lookup): Edit {
  return {
    label: `Insert ${title}`,
    apply(doc) {
      if (edge === START_EDGE) return insertAtStart(doc, placed, lookup)
      const found = findEdge(doc.flow, edge)
      if (!found || found.from === placed.id || found.to === placed.id) return doc
      const port = mainPort(placed.block, lookup(placed.block.type, placed.block.config))
      const block = port && !placed.block.next?.[port] ? wire(placed.block, port, found.to) : placed.block
      return withBlock(put(doc, { ...placed, block }), found.from, (from) => wire(from, found.port, placed.id))
    },
  }
}

/** The drawn wire from the start mark to the first block. */
export const START_EDGE = '@start'

function insertAtStart(doc: Doc, placed: Placed, lookup: Lookup): Doc {
  const port = mainPort(placed.block, lookup(placed.block.type, placed.block.config))
  const old = doc.flow.start
  const block = port && old && doc.flow.blocks[old] ? wire(placed.block, port, old) : placed.block
  const next = put(doc, { ...placed, block })
  return { ...next, flow: { ...next.flow, start: placed.id } }
}

export function connect(from: string, port: string, to: string): Edit {
  return { label: 'Connect', apply: (doc) => (doc.flow.blocks[to] ? withBlock(doc, from, (block) => wire(block, port, to)) : doc) }
}

export function disconnect(from: string, port: string): Edit {
  return { label: 'Delete connection', apply: (doc) => withBlock(doc, from, (block) => (block.next?.[port] ? wire(block, port, null) : block)) }
}

/** Takes the source of a wire elsewhere, or its target. */
export function reconnect(edge: string, from: string, port: string, to: string): Edit {
  return {
    label: 'Move connection',
    apply(doc) {
      const found = findEdge(doc.flow, edge)
      if (!found || !doc.flow.blocks[to]) return doc
      const cut = withBlock(doc, found.from, (block) => wire(block, found.port, null))
      return withBlock(cut, from, (block) => wire(block, port, to))
    },
  }
}

export function setStart(id: string): Edit {
  return { label: 'Set the first block', apply: (doc) => (doc.flow.blocks[id] ? { ...doc, flow: { ...doc.flow, start: id } } : doc) }
}

/** Deletes blocks with all their wires. */
export function remove(ids: string[]): Edit {
  const label = ids.length === 1 ? 'Delete block' : `Delete ${ids.length} blocks`
  return { label, apply: (doc) => without(doc, ids, () => null) }
}

/** Deletes blocks; what led to one leads to where its main port led. */
export function removeAndReconnect(ids: string[], lookup: Lookup): Edit {
  return {
    label: ids.length === 1 ? 'Delete and reconnect' : `Delete ${ids.length} blocks and reconnect`,
    apply(doc) {
      const gone = new Set(ids)
      const follow = (id: string): string | null => {
        const visited = new Set<string>()
        let at: string | undefined = id
        while (at !== undefined && gone.has(at)) {
          if (visited.has(at)) return null
          visited.add(at)
          const block: Block | undefined = doc.flow.blocks[at]
          const port: string | undefined = block && mainPort(block, lookup(block.type, block.config))
          at = port === undefined ? undefined : block?.next?.[port]
        }
        return at ?? null
      }
      return without(doc, ids, follow)
    },
  }
}

function without(doc: Doc, ids: string[], heir: (id: string) => string | null): Doc {
  const gone = new Set(ids.filter((id) => doc.flow.blocks[id]))
  if (gone.size === 0) return doc
  let next = doc
  for (const edge of edgesInto(doc.flow, gone)) {
    const to = heir(edge.to)
    next = withBlock(next, edge.from, (block) => wire(block, edge.port, to === edge.from ? null : to))
  }
  const blocks = { ...next.flow.blocks }
  const places = { ...next.layout.blocks }
  for (const id of gone) {
    delete blocks[id]
    delete places[id]
  }
  const start = gone.has(next.flow.start) ? (heir(next.flow.start) ?? '') : next.flow.start
  return { flow: { ...next.flow, blocks, start }, layout: withoutExpansion(unframed({ ...next.layout, blocks: places }, gone), gone) }
}

export interface Move {
  id: string
  stage: string
  at: Point
}

/** Moves cards; one that lands in another lane changes its stage. */
export function moveBlocks(moves: Move[], merge?: string): Edit {
  return {
    label: moves.length === 1 ? 'Move block' : `Move ${moves.length} blocks`,
    merge,
    apply(doc) {
      let next = doc
      for (const move of moves) {
        const block = next.flow.blocks[move.id]
        if (!block) continue
        const old = next.layout.blocks[move.id]
        if (block.stage !== move.stage) next = withBlock(next, move.id, (b) => ({ ...b, stage: move.stage }))
        if (old?.x !== Math.round(move.at.x) || old.y !== Math.round(move.at.y)) next = withPlace(next, move.id, move.at)
      }
      return next
    },
  }
}

export function setStage(id: string, stage: string): Edit {
  return { label: 'Change stage', apply: (doc) => withBlock(doc, id, (block) => ({ ...block, stage })) }
}

/** Label or note of a block; empty takes it away. */
export function setText(id: string, what: 'label' | 'note', text: string): Edit {
  return {
    label: what === 'label' ? 'Change label' : 'Change note',
    merge: `${what}:${id}`,
    apply: (doc) =>
      withBlock(doc, id, (block) => {
        const next = { ...block }
        if (text === '') delete next[what]
        else next[what] = text
        return next
      }),
  }
}

/** One config field. Wires of ports that its rows make follow a renamed row. */
export function setConfig(id: string, field: string, value: unknown, descriptor: Descriptor | undefined): Edit {
  const declared = descriptor?.fields.find((f) => f.name === field)
  return {
    label: `Change ${declared ? declared.title.toLowerCase() : field}`,
    merge: `config:${id}:${field}`,
    apply: (doc) =>
      withBlock(doc, id, (block) => {
        const config = { ...block.config }
        if (value === undefined) delete config[field]
        else config[field] = value
        const next: Block = { ...block, config }
        if (Object.keys(config).length === 0) delete next.config
        if (declared?.port_of === undefined) return next
        return followRows(next, names(block.config?.[field] ?? declared.default, declared.port_of), names(value, declared.port_of), descriptor)
      }),
  }
}

function names(rows: unknown, portOf: string): string[] {
  return Array.isArray(rows) ? rows.map((row) => rowName(row, portOf)) : []
}

/** Keeps the wire of a renamed row, drops that of a removed one. */
function followRows(block: Block, before: string[], after: string[], descriptor: Descriptor | undefined): Block {
  let next = block
  if (before.length === after.length) {
    before.forEach((old, index) => {
      const name = after[index]!
      const target = block.next?.[old]
      if (old === name || after.includes(old) || before.includes(name) || !target || name === '') return
      next = wire(wire(next, old, null), name, target)
    })
  }
  const declared = new Set(portsOf({ ...next, next: undefined }, descriptor).map((port) => port.id))
  for (const old of before) {
    if (!after.includes(old) && !declared.has(old) && next.next?.[old]) next = wire(next, old, null)
  }
  return next
}

export function setFlow(change: Partial<Flow>, label: string): Edit {
  return {
    label,
    merge: `flow:${Object.keys(change).join(',')}`,
    apply(doc) {
      const flow = { ...doc.flow, ...change }
      for (const key of Object.keys(change) as (keyof Flow)[]) if (flow[key] === undefined) delete flow[key]
      return { ...doc, flow }
    },
  }
}

/** A whole document from elsewhere: a rename done by Go, a tidy, a reload. */
export function replaceWith(next: Doc, label: string): Edit {
  return { label, apply: () => next }
}

/** A safe fix of a problem. */
export function applyFix(title: string, edits: FlowEdit[]): Edit {
  return { label: title, apply: (doc) => edits.reduce(fixOne, doc) }
}

function fixOne(doc: Doc, edit: FlowEdit): Doc {
  switch (edit.op) {
    case 'set_config':
      return withBlock(doc, edit.block, (block) => ({ ...block, config: setPath(block.config ?? {}, edit.field.split('.'), edit.value) as Record<string, unknown> }))
    case 'connect':
      return connect(edit.block, edit.port, edit.to).apply(doc)
    case 'disconnect':
      return disconnect(edit.block, edit.port).apply(doc)
    case 'set_stage':
      return setStage(edit.block, edit.stage).apply(doc)
    case 'delete_block':
      return remove([edit.block]).apply(doc)
  }
}

/** A copy with the value at a path such as `rows.0.when` set. */
export function setPath(into: unknown, path: string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(into)) return into.map((item: unknown, index) => (String(index) === key ? setPath(item, rest, value) : item))
  const object = into !== null && typeof into === 'object' ? (into as Record<string, unknown>) : {}
  return { ...object, [key]: setPath(object[key], rest, value) }
}
