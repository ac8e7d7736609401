// Going somewhere by a few letters: to a flow or a file, or to a block of the
// flow in front.
import { Braces, FileCog, FileText, Workflow } from 'lucide-react'
import { useMemo } from 'react'
import { descriptorOf, useStudio } from '../engine'
import { activeFlow, fileTab, flowOf, flowTab, goToBlock, openTab, titleOf } from '../document'
import { PickerDialog, type PickerItem } from '../commands'
import { attempt, iconNamed } from '../ui'
import { useLayout } from './layout'

export function GoTo({ onClose }: { onClose: () => void }) {
  const project = useStudio((state) => state.project)
  const items = useMemo<PickerItem[]>(() => {
    const flows = (project?.flows ?? []).map((flow) => ({
      id: `flow:${flow.slug}`,
      title: flow.name,
      hint: `flows/${flow.slug}.json`,
      words: [flow.slug],
      group: 'Flows',
      icon: <Workflow size={15} aria-hidden />,
      take: () => show('flows', () => openTab(flowTab(flow.slug))),
    }))
    const files = [...(project?.actions ?? []), ...(project?.pages ?? [])].map((file) => {
      const action = file.path.startsWith('actions/')
      const Icon = action ? Braces : FileText
      return {
        id: `file:${file.path}`,
        title: file.path,
        group: action ? 'Actions' : 'Pages',
        icon: <Icon size={15} aria-hidden />,
        take: () => show(action ? 'actions' : 'pages', () => openTab(fileTab(file.path))),
      }
    })
    const texts = (project?.texts ?? []).map((file) => ({
      id: `file:${file.path}`,
      title: file.path,
      group: 'Other files',
      icon: <FileCog size={15} aria-hidden />,
      take: () => show('pages', () => openTab(fileTab(file.path))),
    }))
    return [...flows, ...files, ...texts]
  }, [project])
  return <PickerDialog label="Go to" placeholder="Go to a flow, an Action, a page…" items={items} empty="Nothing is called that." onDone={onClose} />
}

function show(section: 'flows' | 'actions' | 'pages', open: () => void): void {
  useLayout.setState({ section })
  open()
}

export function FindBlock({ onClose }: { onClose: () => void }) {
  const items = useMemo<PickerItem[]>(() => {
    const slug = activeFlow()
    const flow = slug === null ? undefined : flowOf(slug)?.doc.flow
    if (slug === null || !flow) return []
    return Object.entries(flow.blocks).map(([id, block]) => {
      const descriptor = descriptorOf(block.type)
      const Icon = iconNamed(descriptor?.icon ?? '')
      return {
        id,
        title: block.label ?? descriptor?.title ?? block.type,
        hint: `${id}, ${titleOf(block.stage)}`,
        words: [id, block.type, block.note ?? '', JSON.stringify(block.config ?? {})],
        icon: <Icon size={15} aria-hidden />,
        take: () => attempt(() => goToBlock(slug, id)),
      }
    })
  }, [])
  return <PickerDialog label="Go to a block" placeholder="Go to a block by name, id or setting…" items={items} empty="No block is like that." onDone={onClose} />
}
