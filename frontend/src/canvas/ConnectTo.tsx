// Leading an outcome to a block from the keyboard: first which outcome, then
// where to, of the blocks that fit.
import { Popover } from 'radix-ui'
import { CornerDownRight, Unplug } from 'lucide-react'
import { create } from 'zustand'
import { descriptorOf, useStudio } from '../engine'
import { connectProblem, disconnect, edit, flowOf, lanesOf, placeOf, portsOf, titleOf, type Point } from '../document'
import { PickerList, type PickerItem } from '../commands'
import { announce, iconNamed } from '../ui'
import { connectPorts } from './gestures'
import { viewHandle } from './view'

interface Request {
  slug: string
  block: string
  port: string | null
  client: Point
}

const useConnect = create<{ request: Request | null }>()(() => ({ request: null }))

/** Opens the menu beside a card; a block with one outcome is asked only where to. */
export function openConnect(slug: string, block: string, client: Point): void {
  const shown = flowOf(slug)?.doc.flow.blocks[block]
  const ports = shown ? portsOf(shown, descriptorOf(shown.type, shown.config)) : []
  if (ports.length === 0) {
    announce('This block has no outcomes.')
    return
  }
  useConnect.setState({ request: { slug, block, client, port: ports.length === 1 ? ports[0]!.id : null } })
}

function close(): void {
  useConnect.setState({ request: null })
  requestAnimationFrame(() => viewHandle()?.takeFocus())
}

function name(slug: string, id: string): string {
  const block = flowOf(slug)?.doc.flow.blocks[id]
  return block ? (block.label ?? descriptorOf(block.type)?.title ?? block.type) : id
}

/** The outcomes, each with where it leads now. */
function outcomes(request: Request): PickerItem[] {
  const block = flowOf(request.slug)?.doc.flow.blocks[request.block]
  if (!block) return []
  return portsOf(block, descriptorOf(block.type, block.config)).map((port) => {
    const to = block.next?.[port.id]
    return {
      id: port.id,
      title: port.title,
      hint: to ? `leads to ${name(request.slug, to)} (${to})` : 'leads nowhere yet',
      words: [port.id],
      icon: <span className={`outcome-dot ${port.tone} ${to ? 'wired' : ''}`} aria-hidden />,
      // The list closes itself when something is taken: the next one opens after that.
      take: () => queueMicrotask(() => useConnect.setState({ request: { ...request, port: port.id } })),
    }
  })
}

/** The blocks that fit, the nearest first. */
function targets(request: Request, port: string): PickerItem[] {
  const open = flowOf(request.slug)
  if (!open) return []
  const { flow } = open.doc
  const { catalogue } = useStudio.getState()
  const lanes = lanesOf(open.doc, catalogue)
  const from = placeOf(open.doc, lanes, request.block)
  const far = (id: string) => {
    const at = placeOf(open.doc, lanes, id)
    return Math.hypot(at.x - from.x, at.y - from.y)
  }
  const items: PickerItem[] = Object.keys(flow.blocks)
    .filter((id) => connectProblem(flow, request.block, id, catalogue) === null)
    .sort((a, b) => far(a) - far(b))
    .map((id) => {
      const Icon = iconNamed(descriptorOf(flow.blocks[id]!.type)?.icon ?? '')
      return {
        id,
        title: name(request.slug, id),
        hint: `${id}, ${titleOf(flow.blocks[id]!.stage)}`,
        words: [id],
        icon: (
          <span className="card-icon fam-5">
            <Icon size={15} aria-hidden />
          </span>
        ),
        aside: flow.blocks[request.block]?.next?.[port] === id ? <CornerDownRight size={14} aria-label="It leads there now" /> : undefined,
        take: () => void connectPorts(request.slug, request.block, port, id),
      }
    })
  if (!flow.blocks[request.block]?.next?.[port]) return items
  const nowhere: PickerItem = {
    id: '@nowhere',
    title: 'Nowhere: delete the connection',
    words: ['disconnect', 'delete', 'nowhere'],
    icon: (
      <span className="card-icon fam-5">
        <Unplug size={15} aria-hidden />
      </span>
    ),
    take: () => {
      if (edit(request.slug, disconnect(request.block, port))) announce(`${request.block}, ${port}, leads nowhere now`)
    },
  }
  return [...items, nowhere]
}

export function ConnectTo() {
  const request = useConnect((state) => state.request)
  if (!request) return null
  const { port } = request
  const label = port === null ? 'Which outcome?' : `Connect ${port} to`
  return (
    <Popover.Root open onOpenChange={(open) => !open && close()}>
      <Popover.Anchor asChild>
        <span style={{ position: 'fixed', left: request.client.x, top: request.client.y }} />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content className="popover" side="right" align="start" sideOffset={8} collisionPadding={12} aria-label={label} onCloseAutoFocus={(event) => event.preventDefault()}>
          <PickerList
            key={port ?? '@port'}
            label={label}
            placeholder={port === null ? 'Which outcome?' : `${port} leads to…`}
            items={port === null ? outcomes(request) : targets(request, port)}
            empty={port === null ? 'No outcome is called that.' : 'No block that fits is called that.'}
            onDone={close}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
