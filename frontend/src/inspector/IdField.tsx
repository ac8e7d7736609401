// The id of a block. Renaming is done by Go, which knows every place that
// mentions it; the answer is one step that can be undone.
import { useState } from 'react'
import { call } from '../engine'
import { edit, flowOf, idProblem, replaceWith, select, type Doc } from '../document'
import { attempt, notify } from '../ui'

export function IdField({ slug, id, doc }: { slug: string; id: string; doc: Doc }) {
  const [draft, setDraft] = useState(id)
  const others = new Set(Object.keys(doc.flow.blocks).filter((other) => other !== id))
  const problem = idProblem(draft, others)
  const rename = () => {
    if (draft === id) return
    if (problem) {
      setDraft(id)
      return
    }
    attempt(async () => {
      const renamed = await call('flow.rename_block', { slug, flow: doc.flow, layout: doc.layout, from: id, to: draft })
      if (flowOf(slug)?.doc !== doc) {
        notify.info('The flow was changed while it was being renamed. Try again.')
        return
      }
      edit(slug, replaceWith({ flow: renamed.flow, layout: renamed.layout }, `Rename ${id} to ${draft}`))
      select(slug, [draft])
    })
  }
  return (
    <div className="field">
      <label htmlFor="block-id">Id</label>
      <input
        id="block-id"
        className="input code"
        value={draft}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={problem !== null}
        aria-describedby={problem ? 'block-id-problem' : undefined}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={rename}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur()
          if (event.key === 'Escape') setDraft(id)
        }}
      />
      {problem && (
        <small id="block-id-problem" className="field-error">
          {problem}
        </small>
      )}
    </div>
  )
}
