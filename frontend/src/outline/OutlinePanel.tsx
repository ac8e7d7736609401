// The flow in front as a tree, for those who read better than they see: the same
// commands work here as on the drawing, on the block that is chosen.
import { ChevronDown, ChevronRight, ListTree, Search } from 'lucide-react'
import { useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useLookup, useStudio } from '../engine'
import { CommandButton } from '../commands'
import { activeFlow, goToBlock, select, useFlows, useTabs, type OpenFlow } from '../document'
import { attempt, Empty } from '../ui'
import { outlineOf, unfolded, type OutlineItem } from './items'
import './outline.css'

export function OutlinePanel() {
  const slug = useTabs((state) => activeFlow(state))
  const open = useFlows((state) => (slug === null ? undefined : state.open[slug]))
  return open ? <Outline open={open} /> : (
    <Empty icon={ListTree} title="No flow is open" actions={<CommandButton command="file.goto" icon={Search}>Go to a flow…</CommandButton>}>
      Here the flow in front is read as a list, block by block, with where each outcome leads. All commands of the drawing work in it.
    </Empty>
  )
}

function Outline({ open }: { open: OpenFlow }) {
  const catalogue = useStudio((state) => state.catalogue)
  const lookup = useLookup()
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState<string | null>(null)
  const tree = useRef<HTMLUListElement>(null)
  const items = useMemo(() => outlineOf(open.doc, catalogue, lookup), [open.doc, catalogue, lookup])
  const seen = useMemo(() => unfolded(items, folded), [items, folded])
  const chosen = open.blocks.length === 1 ? `block:${open.blocks[0]}` : null
  // An outcome stays in hand while its block is the one that is chosen.
  const current = seen.find((item) => item.key === at && (!chosen || item.block === undefined || item.block === open.blocks[0])) ?? seen.find((item) => item.key === chosen) ?? seen[0]

  const go = (item: OutlineItem | undefined) => {
    if (!item) return
    setAt(item.key)
    if (item.block) select(open.slug, [item.block])
    else if (item.blocks) select(open.slug, item.blocks)
    tree.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(item.key)}"]`)?.focus()
  }
  const fold = (item: OutlineItem, on: boolean) =>
    setFolded((now) => {
      const next = new Set(now)
      if (on) next.add(item.key)
      else next.delete(item.key)
      return next
    })
  const sideways = (item: OutlineItem, index: number, right: boolean) => {
    if (right) {
      if (folded.has(item.key)) fold(item, false)
      else if (item.folds) go(seen[index + 1])
    } else if (item.folds && !folded.has(item.key)) fold(item, true)
    else go(seen.slice(0, index).findLast((other) => other.level < item.level))
  }
  const key = (event: KeyboardEvent) => {
    // Tab leaves the tree, as it does everywhere but on the drawing.
    if (event.key === 'Tab') event.stopPropagation()
    if (!current || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const index = seen.indexOf(current)
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(seen[index + 1]),
      ArrowUp: () => go(seen[index - 1]),
      Home: () => go(seen[0]),
      End: () => go(seen.at(-1)),
      ArrowRight: () => sideways(current, index, true),
      ArrowLeft: () => sideways(current, index, false),
    }
    if (current.level === 3) moves.Enter = () => go(items.find((item) => item.key === `block:${current.to}`))
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    move()
  }
  return (
    <ul className="outline scroll" role="tree" aria-label={`Outline of ${open.doc.flow.name}`} data-keys="canvas" ref={tree} onKeyDown={key}>
      {seen.map((item) => (
        <li
          key={item.key}
          role="treeitem"
          data-key={item.key}
          aria-level={item.level}
          aria-expanded={item.folds ? !folded.has(item.key) : undefined}
          aria-selected={item.level === 2 && open.blocks.includes(item.block ?? '')}
          tabIndex={item === current ? 0 : -1}
          className={`outline-item level-${item.level}`}
          onFocus={() => at !== item.key && setAt(item.key)}
          onClick={() => go(item)}
          onDoubleClick={() => item.block && attempt(() => goToBlock(open.slug, item.block!, true))}
        >
          <span className="outline-fold" aria-hidden onClick={() => item.folds && fold(item, !folded.has(item.key))}>
            {item.folds && (folded.has(item.key) ? <ChevronRight size={12} /> : <ChevronDown size={12} />)}
          </span>
          <span>{item.text}</span>
          {item.aside && <span className="outline-aside">{item.aside}</span>}
        </li>
      ))}
    </ul>
  )
}
