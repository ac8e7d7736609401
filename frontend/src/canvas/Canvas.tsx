// The drawing of one flow: lanes, cards, wires, and the gestures on them. React
// Flow moves and hit-tests; every change goes to the document as one edit.
import { MousePointerClick, Plus } from 'lucide-react'
import { useCallback, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState, type MouseEvent } from 'react'
import { descriptorOf, useLookup, useRuns, useStudio } from '../engine'
import { CommandButton } from '../commands'
import { CARD_WIDTH, connectProblem, edit, laneAt, lanesOf, lockReason, placeOf, reconnect, select, snap, START_EDGE, useFlows, type Doc, type Lane, type OpenFlow, type Point } from '../document'
import { CommandKey, Empty, notify, openMenuAt } from '../ui'
import { AfarPicture } from './afar/AfarPicture'
import { paintedAt } from './afar/painted'
import { useAfar } from './afar/use-afar'
import { BlockCard } from './BlockCard'
import { ExtractDialog } from './ExtractDialog'
import { FindBar } from './FindBar'
import { GhostCard, useGhosts } from './GhostCard'
import { ConnectTo } from './ConnectTo'
import { connectPorts, insertMoved, moveTo } from './gestures'
import { Guides, settleAt, showGuides } from './Guides'
import { hover, useHover } from './hover'
import { useInside } from './inside'
import { LaneBands, LaneHeads } from './Lanes'
import { runMarks } from './marks'
import { blockMenu, groundMenu, wireMenu } from './menus'
import { Minimap } from './Minimap'
import { EdgeDrawer, NodeDrawer, START_NODE, type CanvasNode, type WireEdge } from './nodes'
import { Arrowheads, PortEdge } from './PortEdge'
import { openQuickAdd, QuickAdd } from './QuickAdd'
import { GroupCard } from './GroupCard'
import { FrameCard, NoteCard } from './PieceCards'
import { choosePiece, drawPieces, dropPiece, heldPieces, usePiece } from './pieces'
import { StartMark } from './StartMark'
import { UsesBar } from './UsesBar'
import { useCarryTarget, useInsertHover } from './use-carry-target'
import { useClipboardEvents } from './use-clipboard-events'
import { useHandle } from './use-handle'
import { farthestOf, useView, viewHandle } from './view'
import { ViewControls } from './ViewControls'
import { ReactFlow, ReactFlowProvider, SelectionMode, type Connection, type FinalConnectionState, type NodeChange, useStoreApi } from './xyflow'
import './canvas.css'

const nodeTypes = { block: BlockCard, start: StartMark, ghost: GhostCard, note: NoteCard, frame: FrameCard, collapsed: GroupCard }
const edgeTypes = { wire: PortEdge }
const manyKeys: ('Shift' | 'Control' | 'Meta')[] = ['Shift', 'Control', 'Meta']

export function Canvas({ slug }: { slug: string }) {
  const open = useFlows((state) => state.open[slug])
  if (!open) return null
  return (
    <ReactFlowProvider key={slug}>
      <Drawing open={open} />
    </ReactFlowProvider>
  )
}

/** Where cards are dragged to: one finds the grid and its neighbours, several keep together. */
function draggedTo(slug: string, changes: NodeChange<CanvasNode>[], painted: boolean): Map<string, Point> | null {
  const moved = changes.flatMap((change) => (change.type === 'position' && change.dragging && change.position ? [{ id: change.id, at: change.position }] : []))
  const first = moved[0]
  const { doc, blocks } = useFlows.getState().open[slug] ?? {}
  if (!first || !doc) return null
  const lanes = lanesOf(doc, useStudio.getState().catalogue)
  if (painted && blocks?.includes(first.id)) moved.push(...withPainted(doc, lanes, blocks, moved, first))
  const settled = settleAt(doc, lanes, new Set(moved.map(({ id }) => id)), first.at)
  showGuides(moved.length === 1 ? settled.levels : null)
  const shift = { x: settled.at.x - first.at.x, y: settled.at.y - first.at.y }
  return new Map(moved.map(({ id, at }) => [id, { x: at.x + shift.x, y: at.y + shift.y }]))
}

/** What is selected too, but only painted, goes along. */
function withPainted(doc: Doc, lanes: Lane[], blocks: string[], moved: { id: string }[], by: { id: string; at: Point }): { id: string; at: Point }[] {
  const real = new Set(moved.map(({ id }) => id))
  const from = placeOf(doc, lanes, by.id)
  return blocks
    .filter((id) => !real.has(id))
    .map((id) => {
      const place = placeOf(doc, lanes, id)
      return { id, at: { x: place.x + by.at.x - from.x, y: place.y + by.at.y - from.y } }
    })
}

/** A note or a frame that is dragged, with what goes with it. */
function draggedPiece(slug: string, changes: NodeChange<CanvasNode>[]): Map<string, Point> | null {
  const change = changes.find((c) => c.type === 'position' && c.id.startsWith('@'))
  const doc = useFlows.getState().open[slug]?.doc
  if (change?.type !== 'position' || !change.dragging || !change.position || !doc) return null
  return heldPieces(doc, lanesOf(doc, useStudio.getState().catalogue), descriptorOf, change.id, { x: snap(change.position.x), y: snap(change.position.y) })
}

function Drawing({ open }: { open: OpenFlow }) {
  const { slug, doc, blocks: chosen, edge: chosenEdge } = open
  const catalogue = useStudio((state) => state.catalogue)
  const lookup = useLookup()
  const minimap = useView((state) => state.minimap)
  const watched = useRuns((state) => runMarks(state, slug) !== null)
  const [held, setHeld] = useState<ReadonlyMap<string, Point> | null>(null)
  const heldNow = useRef(held)
  const [nodeDrawer] = useState(() => new NodeDrawer())
  const [edgeDrawer] = useState(() => new EdgeDrawer())
  const pane = useRef<HTMLDivElement>(null)
  const store = useStoreApi()

  const lanes = useMemo(() => lanesOf(doc, catalogue), [doc, catalogue])
  const selected = useMemo(() => new Set(chosen), [chosen])
  const nodes = useMemo(
    () => nodeDrawer.draw({ slug, doc, lanes, selected, held, lookup, lockOf: (id) => lockReason(doc.flow, id, catalogue) }),
    [nodeDrawer, slug, doc, lanes, selected, held, catalogue, lookup],
  )
  const ghosts = useGhosts(slug, lanes, lookup)
  const chosenPiece = usePiece((state) => (state.slug === slug ? state.key : null))
  const pieces = useMemo(() => drawPieces(slug, doc, lanes, lookup, held, chosenPiece), [slug, doc, lanes, lookup, held, chosenPiece])
  const edges = useMemo(() => edgeDrawer.draw(slug, doc, chosenEdge, lookup), [edgeDrawer, slug, doc, chosenEdge, lookup])

  const all = useMemo((): CanvasNode[] => (ghosts.length + pieces.length > 0 ? [...nodes, ...ghosts, ...pieces] : nodes), [nodes, ghosts, pieces])
  const everything = useRef(all)
  useLayoutEffect(() => {
    everything.current = all
  }, [all])
  const afar = useAfar(open, pane, all, edges)
  const painted = afar.scene !== null
  // What is real from afar is little, and stays while one pans; but not before
  // React Flow has let go of all the others, or it would draw them once.
  const settled = useDeferredValue(painted)
  const farthest = useMemo(() => farthestOf(doc, lanes), [doc, lanes])

  useHandle(slug, pane, everything)
  useCarryTarget(slug, pane)
  useClipboardEvents(slug)
  const insertHover = useInsertHover(slug)

  const hold = (next: ReadonlyMap<string, Point> | null) => {
    heldNow.current = next
    setHeld(next)
  }
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const places = draggedPiece(slug, changes) ?? draggedTo(slug, changes, painted)
      const { userSelectionRect, multiSelectionActive } = store.getState()
      let picks: Set<string> | null = null
      let piece: string | null = null
      for (const change of changes) {
        if (change.type === 'select' && change.id.startsWith('@')) {
          if (change.selected && change.id !== START_NODE) piece = change.id
          else if (usePiece.getState().key === change.id) choosePiece(slug, null)
        } else if (change.type === 'select' && !(painted && userSelectionRect)) {
          // What is selected and only painted is let go like the rest.
          picks ??= new Set(useFlows.getState().open[slug]?.blocks.filter((id) => !painted || multiSelectionActive || store.getState().nodeLookup.has(id)))
          if (change.selected) picks.add(change.id)
          else picks.delete(change.id)
        }
      }
      if (places) hold(places)
      if (piece !== null) choosePiece(slug, piece)
      // A collapsed frame that is chosen beside blocks brings its own.
      const brought = piece !== null && picks?.size ? (useFlows.getState().open[slug]?.blocks ?? []) : []
      const before = useFlows.getState().open[slug]?.blocks ?? []
      const after = picks && [...new Set([...picks, ...brought])]
      // A wire that was chosen just now stays so, when cards are only let go that were let go already.
      const same = after?.length === before.length && after.every((id) => before.includes(id))
      if (after && !same && (piece === null || after.length > 0)) select(slug, after)
    },
    [slug, painted, store],
  )

  const onDrag = (event: MouseEvent | globalThis.MouseEvent | globalThis.TouchEvent, node: CanvasNode, dragged: CanvasNode[]) => {
    if (node.type !== 'block') return
    if ((heldNow.current?.size ?? dragged.length) === 1 && 'clientX' in event && insertHover(node.id, event.clientX, event.clientY)) return
    const lane = laneAt(lanes, node.position.x + CARD_WIDTH / 2)
    hover(lane.id === doc.flow.blocks[node.id]?.stage ? {} : { lane: lane.id })
  }
  const onDragStop = (_event: unknown, node: CanvasNode) => {
    const places = heldNow.current
    const into = useHover.getState().edge
    hover({})
    showGuides(null)
    if (places && node.id.startsWith('@')) dropPiece(slug, node.id, places)
    else if (places && into) insertMoved(slug, node.id, places.get(node.id) ?? node.position, into)
    else if (places) moveTo(slug, places)
    hold(null)
  }

  const onConnect = (made: Connection) => {
    if (made.source === START_NODE) return
    connectPorts(slug, made.source, made.sourceHandle ?? '', made.target)
  }
  const onConnectEnd = (event: globalThis.MouseEvent | globalThis.TouchEvent, state: FinalConnectionState) => {
    const from = state.fromHandle
    if (state.isValid || from?.type !== 'source' || !('clientX' in event)) return
    const client = { x: event.clientX, y: event.clientY }
    const port = { block: from.nodeId, port: from.id ?? '' }
    const hit = document.elementsFromPoint(client.x, client.y)
    const card = hit.map((element) => element.closest('.react-flow__node')?.getAttribute('data-id')).find(Boolean)
    if (card && card !== START_NODE) {
      if (card !== port.block && !card.startsWith('@')) connectPorts(slug, port.block, port.port, card)
      return
    }
    const handle = viewHandle()
    if (!handle || port.block === START_NODE || !hit.some((element) => pane.current?.contains(element))) return
    const at = handle.toCanvas(client)
    openQuickAdd({ slug, client, at: { x: at.x + CARD_WIDTH / 2, y: at.y }, middle: handle.middle(), from: port })
  }
  const onReconnect = (edge: WireEdge, made: Connection) => {
    const problem = connectProblem(doc.flow, made.source, made.target, catalogue)
    if (problem) notify.info(problem)
    else edit(slug, reconnect(edge.id, made.source, made.sourceHandle ?? '', made.target))
  }

  const onDoubleClick = (event: MouseEvent) => {
    const handle = viewHandle()
    if (!handle || !(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return
    const client = { x: event.clientX, y: event.clientY }
    if (paintedAt(client).card) return
    openQuickAdd({ slug, client, at: handle.toCanvas(client), middle: handle.middle() })
  }
  /** A click that no element takes may still mean what is painted there. */
  const onGround = (event: MouseEvent) => {
    const { card, wire } = paintedAt({ x: event.clientX, y: event.clientY })
    choosePiece(slug, null)
    if (card !== null && doc.flow.blocks[card]) select(slug, [card])
    else select(slug, [], wire === START_EDGE ? null : wire)
  }
  const onGroundMenu = (event: MouseEvent | globalThis.MouseEvent) => {
    const { card, wire } = paintedAt({ x: event.clientX, y: event.clientY })
    if (card !== null && doc.flow.blocks[card]) menu(event, 'block', card)
    else if (wire !== null) menu(event, 'wire', wire)
    else menu(event, 'ground')
  }
  const menu = (event: MouseEvent | globalThis.MouseEvent, kind: 'block' | 'wire' | 'ground', id = '') => {
    event.preventDefault()
    const at = { x: event.clientX, y: event.clientY }
    if (kind === 'block' && id !== START_NODE && !selected.has(id)) select(slug, [id])
    if (kind === 'wire') select(slug, [], id)
    openMenuAt(at, kind === 'block' ? blockMenu(slug, id, at) : kind === 'wire' ? wireMenu(slug, id, at) : groundMenu(slug, at))
  }

  useEffect(() => () => hover({}), [])

  return (
    <div
      className={`canvas ${watched ? 'watched' : ''} ${painted ? 'painted' : ''}`}
      ref={pane}
      data-keys="canvas"
      role="region"
      aria-label={`Drawing of ${doc.flow.name}`}
      aria-describedby="canvas-keys"
      tabIndex={-1}
      onDoubleClick={onDoubleClick}
    >
      <span id="canvas-keys" className="sr-only">
        Arrow keys go from block to block, <CommandKey command="edit.add" /> adds one, <CommandKey command="canvas.settings" /> opens its settings, <CommandKey command="view.nextRegion" /> leaves the drawing.
      </span>
      <Arrowheads />
      <LaneBands lanes={lanes} />
      <ReactFlow<CanvasNode, WireEdge>
        nodes={afar.nodes}
        edges={afar.edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onNodeDrag={onDrag}
        onNodeDragStop={onDragStop}
        onSelectionDrag={(_event, dragged) => dragged[0] && onDrag(_event, dragged[0], dragged)}
        onSelectionDragStop={(event, dragged) => dragged[0] && onDragStop(event, dragged[0])}
        onConnect={onConnect}
        onConnectEnd={onConnectEnd}
        onReconnect={onReconnect}
        isValidConnection={(made) => connectProblem(doc.flow, made.source, made.target, catalogue) === null}
        onNodeClick={(event, node) => {
          if (useInside.getState().at !== null) useInside.setState({ at: null })
          if (node.type === 'block' && !manyKeys.some((key) => event.getModifierState(key))) select(slug, [node.id])
        }}
        onEdgeClick={(_event, edge) => edge.selectable !== false && select(slug, [], edge.id)}
        onPaneClick={onGround}
        onNodeContextMenu={(event, node) => menu(event, node.type === 'block' || node.type === 'start' ? 'block' : 'ground', node.id)}
        onEdgeContextMenu={(event, edge) => menu(event, 'wire', edge.id)}
        onPaneContextMenu={onGroundMenu}
        onNodeDoubleClick={(_event, node) => node.type === 'block' && useView.getState().onOpenSettings()}
        onlyRenderVisibleElements={!painted || !settled || afar.nodes.length > 60}
        panOnScroll
        zoomOnDoubleClick={false}
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={manyKeys}
        deleteKeyCode={null}
        disableKeyboardA11y
        nodeDragThreshold={3}
        connectionRadius={26}
        minZoom={farthest}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
      >
        {afar.scene && <AfarPicture scene={afar.scene} />}
      </ReactFlow>
      <Guides />
      <LaneHeads lanes={lanes} />
      {Object.keys(doc.flow.blocks).length === 0 && (
        <div className="canvas-empty">
          <Empty icon={MousePointerClick} title="This flow has no blocks yet" actions={<CommandButton command="edit.add" icon={Plus}>Add a block</CommandButton>}>
            Drag a block from the palette on the left, or press <CommandKey command="edit.add" /> and type its name. The first block is where the flow starts.
          </Empty>
        </div>
      )}
      {minimap && <Minimap doc={doc} lanes={lanes} />}
      <ViewControls slug={slug} />
      <FindBar slug={slug} doc={doc} />
      <UsesBar slug={slug} flow={doc.flow} />
      <QuickAdd />
      <ConnectTo />
      <ExtractDialog />
    </div>
  )
}
