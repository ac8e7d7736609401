// Commands on several blocks: choosing them by their wires, and lining them up.
import { descriptorOf } from '../engine'
import { align, distribute, downstream, edit, select, upstream, type AlignTo, type Edit, type OpenFlow } from '../document'
import type { Command } from '../commands'
import { announce } from '../ui'
import { frontFlow, hasBlocks, onFlow } from './front'
import { tidy } from './tidy'

function choose(reach: typeof upstream) {
  return onFlow((open) => {
    const ids = reach(open.doc.flow, open.blocks)
    select(open.slug, ids)
    announce(`${ids.length} blocks selected`)
  })
}

function arranged(make: (open: OpenFlow) => Edit) {
  return onFlow((open) => {
    const step = make(open)
    if (edit(open.slug, step)) announce(step.label)
  })
}

const several = (least: number) => () => (frontFlow()?.blocks.length ?? 0) >= least

const alignments: [AlignTo, string, string][] = [
  ['left', 'Align left', 'Alt+A'],
  ['centre', 'Align centres', 'Alt+H'],
  ['right', 'Align right', 'Alt+D'],
  ['top', 'Align top', 'Alt+W'],
  ['middle', 'Align middles', 'Alt+V'],
  ['bottom', 'Align bottom', 'Alt+S'],
]

export const severalCommands: Command[] = [
  { id: 'edit.selectUpstream', title: 'Select all that leads here', menu: 'Edit', group: 3, keys: ['Shift+U'], where: 'canvas', when: hasBlocks, run: choose(upstream) },
  { id: 'edit.selectDownstream', title: 'Select all that follows', menu: 'Edit', group: 3, keys: ['Shift+D'], where: 'canvas', when: hasBlocks, run: choose(downstream) },
  { id: 'edit.tidySelection', title: 'Tidy the selected blocks', menu: 'Edit', group: 4, keys: ['Q'], where: 'canvas', when: hasBlocks, run: onFlow((open) => tidy(open.slug, open.blocks)) },
  ...alignments.map(
    ([to, title, keys]): Command => ({ id: `edit.align.${to}`, title, keys: [keys], where: 'canvas', when: several(2), run: arranged((open) => align(open.blocks, to, descriptorOf)) }),
  ),
  { id: 'edit.distribute.across', title: 'Distribute across', keys: ['Alt+Shift+H'], where: 'canvas', when: several(3), run: arranged((open) => distribute(open.blocks, 'across', descriptorOf)) },
  { id: 'edit.distribute.down', title: 'Distribute down', keys: ['Alt+Shift+V'], where: 'canvas', when: several(3), run: arranged((open) => distribute(open.blocks, 'down', descriptorOf)) },
]
