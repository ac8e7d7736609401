// Says whose value is painted on the drawing, and keeps it true while one edits.
import { X } from 'lucide-react'
import { useEffect } from 'react'
import { call, type Flow } from '../engine'
import { hideUses, useUses } from '../document'
import { announce, IconButton } from '../ui'
import './find.css'

export function UsesBar({ slug, flow }: { slug: string; flow: Flow }) {
  const { slug: of, path, writes, reads } = useUses()
  const shown = of === slug ? path : null
  useEffect(() => {
    if (shown === null) return
    let current = true
    call('flow.uses', { slug, flow, path: shown })
      .then((found) => {
        if (current) useUses.setState({ writes: new Set(found.writes), reads: new Set(found.reads) })
      })
      // A flow that cannot be looked at is reported by the check.
      .catch(() => undefined)
    return () => {
      current = false
    }
  }, [shown, slug, flow])
  const words = `${listed(writes)} ${writes.size === 1 ? 'writes' : 'write'} it, ${listed(reads)} ${reads.size === 1 ? 'reads' : 'read'} it`
  const told = shown !== null && writes.size + reads.size > 0 ? `${shown}: ${words}` : ''
  useEffect(() => {
    if (told) announce(told)
  }, [told])
  if (shown === null) return null
  return (
    <div className="uses-bar" role="group" aria-label="Where a value is used">
      <code>{shown}</code>
      <span className="ellipsis" title={words}>
        {words}
      </span>
      <IconButton size="small" icon={X} label="No longer show where it is used" onClick={hideUses} />
    </div>
  )
}

function listed(ids: ReadonlySet<string>): string {
  return ids.size === 0 ? 'nobody' : [...ids].join(', ')
}
