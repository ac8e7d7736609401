// The menu that adds a block where one is, by typing: after an outcome that was
// dragged into the empty, at a double click, or after the selected block.
import { Popover } from 'radix-ui'
import { CornerDownRight } from 'lucide-react'
import { create } from 'zustand'
import { descriptorOf, useStudio } from '../engine'
import { connectProblem, fits, flowOf, type Point } from '../document'
import { PickerList, type PickerItem } from '../commands'
import { iconNamed } from '../ui'
import { viewHandle } from './view'
import { addAfter, addNear, addThere, connectPorts } from './gestures'

export interface QuickAddRequest {
  slug: string
  /** Where the menu opens, in the window. */
  client: Point
  /** Where the block goes on the canvas; null: beside its source, or in the middle. */
  at: Point | null
  middle: Point
  from?: { block: string; port: string }
}

const useQuickAdd = create<{ request: QuickAddRequest | null }>()(() => ({ request: null }))

export function openQuickAdd(request: QuickAddRequest): void {
  useQuickAdd.setState({ request })
}

function close(): void {
  useQuickAdd.setState({ request: null })
  requestAnimationFrame(() => viewHandle()?.takeFocus())
}

function itemsFor(request: QuickAddRequest): PickerItem[] {
  const { catalogue } = useStudio.getState()
  const { slug, from, at, middle } = request
  const flow = flowOf(slug)?.doc.flow
  const items: PickerItem[] = (catalogue?.families ?? []).flatMap((family, index) =>
    (catalogue?.blocks ?? [])
      .filter((block) => block.family === family.id && (!flow || fits(flow, block, from?.block ?? null, catalogue)))
      .map((block) => {
        const Icon = iconNamed(block.icon)
        return {
          id: block.id,
          title: block.title,
          hint: block.summary,
          words: [block.id, ...block.synonyms],
          group: family.title,
          icon: (
            <span className={`card-icon fam-${index}`}>
              <Icon size={16} aria-hidden />
            </span>
          ),
          take: () => {
            if (from) addAfter(slug, block.id, from.block, from.port, at)
            else if (at) addThere(slug, block.id, at)
            else addNear(slug, block.id, middle)
          },
        }
      }),
  )
  return from ? [...items, ...existing(request, from)] : items
}

/** Blocks that are there already: "connect to …" for the keyboard. */
function existing({ slug }: QuickAddRequest, from: { block: string; port: string }): PickerItem[] {
  const flow = flowOf(slug)?.doc.flow
  if (!flow) return []
  const catalogue = useStudio.getState().catalogue
  return Object.entries(flow.blocks)
    .filter(([id]) => connectProblem(flow, from.block, id, catalogue) === null)
    .map(([id, block]) => ({
      id: `to:${id}`,
      title: `Connect to ${block.label ?? descriptorOf(block.type)?.title ?? block.type}`,
      hint: id,
      words: [id, 'connect to'],
      group: 'Blocks of this flow',
      icon: (
        <span className="card-icon fam-5">
          <CornerDownRight size={16} aria-hidden />
        </span>
      ),
      take: () => void connectPorts(slug, from.block, from.port, id),
    }))
}

export function QuickAdd() {
  const request = useQuickAdd((state) => state.request)
  if (!request) return null
  return (
    <Popover.Root open onOpenChange={(open) => !open && close()}>
      <Popover.Anchor asChild>
        <span style={{ position: 'fixed', left: request.client.x, top: request.client.y }} />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content className="popover" side="right" align="start" sideOffset={8} collisionPadding={12} aria-label="Add a block" onCloseAutoFocus={(event) => event.preventDefault()}>
          <PickerList label="Add a block" placeholder="Add a block…" items={itemsFor(request)} empty="No block is called that." onDone={close} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
