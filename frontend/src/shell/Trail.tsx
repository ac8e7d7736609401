// The way into the flow in front, where it was entered through a block.
import { ChevronRight } from 'lucide-react'
import { useStudio } from '../engine'
import { goToBlock, useTrail, type Crumb } from '../document'
import { attempt } from '../ui'

const none: Crumb[] = []

export function Trail({ slug }: { slug: string }) {
  const way = useTrail((state) => state.ways[slug] ?? none)
  const flows = useStudio((state) => state.project?.flows)
  const nameOf = (name: string) => flows?.find((flow) => flow.slug === name)?.name ?? name
  if (way.length === 0) return null
  return (
    <nav className="trail" aria-label="Way into this flow">
      {way.map((crumb) => (
        <span key={`${crumb.slug}/${crumb.block}`} className="row">
          <button type="button" className="trail-crumb" onClick={() => attempt(() => goToBlock(crumb.slug, crumb.block, true))}>
            {nameOf(crumb.slug)}
            <code>{crumb.block}</code>
          </button>
          <ChevronRight size={13} aria-hidden />
        </span>
      ))}
      <span aria-current="page" className="trail-here">
        {nameOf(slug)}
      </span>
    </nav>
  )
}
