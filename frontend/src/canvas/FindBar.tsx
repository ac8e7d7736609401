// The bar above the drawing in which a text is looked for.
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useLookup } from '../engine'
import { findText, type Doc } from '../document'
import { IconButton } from '../ui'
import { closeFind, setHits, stepFind, useFind } from './find'
import { viewHandle } from './view'
import './find.css'

export function FindBar({ slug, doc }: { slug: string; doc: Doc }) {
  const open = useFind((state) => state.open)
  return open ? <Bar slug={slug} doc={doc} /> : null
}

function Bar({ slug, doc }: { slug: string; doc: Doc }) {
  const { asked, query, hits, at } = useFind()
  const lookup = useLookup()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => setHits(findText(doc, query, lookup)), [doc, query, lookup])
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [asked])
  useEffect(() => closeFind, [slug])
  const leave = () => {
    closeFind()
    const hit = hits[at]?.key
    if (hit !== undefined) viewHandle()?.reveal(hit, true)
    else requestAnimationFrame(() => viewHandle()?.takeFocus())
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter') stepFind(slug, event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') leave()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const words = query.trim() === '' ? '' : hits.length === 0 ? 'Nothing found' : at < 0 ? `${hits.length} found` : `${at + 1} of ${hits.length}`
  return (
    <div className="find-bar" role="search" aria-label="Find on the drawing" onKeyDown={key}>
      <Search size={14} aria-hidden />
      <input ref={field} className="input" type="text" aria-label="Find text in blocks, settings and notes" placeholder="Find in names, settings, notes…" value={query} onChange={(event) => useFind.setState({ query: event.target.value, at: -1 })} />
      <span className="find-count num" role="status">
        {words}
      </span>
      <IconButton size="small" icon={ChevronUp} label="Previous one" disabled={hits.length === 0} onClick={() => stepFind(slug, -1)} />
      <IconButton size="small" icon={ChevronDown} label="Next one" disabled={hits.length === 0} onClick={() => stepFind(slug, 1)} />
      <IconButton size="small" icon={X} label="Close the search" onClick={leave} />
      {at >= 0 && hits[at] && <span className="find-where ellipsis">{hits[at].where}</span>}
    </div>
  )
}
