// How a page looks: rendered by the engine, with the values of a block that shows
// it, in the size of a device.
import { TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, describe, useRuns, useStudio, type PageFacts, type ShownPage } from '../engine'
import { Button, Select } from '../ui'
import { inert } from './preview'

const sizes = { Phone: 390, Tablet: 640, Wide: 0 }

interface Choice {
  /** flow.block, "" for made-up values of no block. */
  by: string
  lived: boolean
  locale: string
  failed: boolean
}

const nobody: PageFacts = { shown_by: [], locales: [], lived: [] }

/** Asked for anew when the project or a run has changed. */
function useFacts(path: string): PageFacts {
  const [facts, setFacts] = useState(nobody)
  const project = useStudio((state) => state.project)
  const runs = useRuns((state) => state.runs)
  useEffect(() => {
    let current = true
    void call('page.facts', { path }).then((found) => current && setFacts(found), () => undefined)
    return () => {
      current = false
    }
  }, [path, project, runs])
  return facts
}

interface Rendered {
  page: ShownPage | null
  failure: string | null
}

const SETTLED = 200

/** Rendered a moment after the typing has stopped; the last page stays while the next cannot be shown. */
function useRendered(path: string, text: string, choice: Choice): Rendered {
  const [rendered, setRendered] = useState<Rendered>({ page: null, failure: null })
  const { by, lived, locale, failed } = choice
  useEffect(() => {
    let current = true
    const [flow = '', block = ''] = by.split('.')
    const render = () =>
      call('page.preview', { path, text, flow, block, locale, failed, lived }).then(
        (page) => current && setRendered({ page, failure: null }),
        (failure: unknown) => current && setRendered((before) => ({ ...before, failure: describe(failure).message })),
      )
    const timer = setTimeout(() => void render(), SETTLED)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [path, text, by, lived, locale, failed])
  return rendered
}

export function PagePreview({ path, text }: { path: string; text: string }) {
  const facts = useFacts(path)
  const [size, setSize] = useState<keyof typeof sizes>('Phone')
  const [wanted, setWanted] = useState<Choice>({ by: '', lived: false, locale: '', failed: false })
  const choice = { ...wanted, by: wanted.by || firstOf(facts) }
  const { page, failure } = useRendered(path, text, choice)
  const value = `${choice.by}${choice.lived ? '~' : ''}`
  const choose = (chosen: string) => setWanted({ ...wanted, by: chosen.replace('~', ''), lived: chosen.endsWith('~') })
  return (
    <section className="page-preview" aria-label="Preview">
      <div className="page-bar">
        <Select aria-label="Values" value={value} onChange={(event) => choose(event.target.value)}>
          {facts.shown_by.length === 0 && <option value="">Made-up values</option>}
          {facts.shown_by.map(({ flow, block }) => {
            const by = `${flow}.${block}`
            return [
              <option key={by} value={by}>{`${block} in ${flow}`}</option>,
              facts.lived.includes(by) && <option key={`${by}~`} value={`${by}~`}>{`${block} in ${flow}, as in the last run`}</option>,
            ]
          })}
        </Select>
        {facts.locales.length > 1 && (
          <Select aria-label="Language" value={choice.locale} onChange={(event) => setWanted({ ...wanted, locale: event.target.value })}>
            <option value="">Default language</option>
            {facts.locales.map((locale) => (
              <option key={locale} value={locale}>
                {languageName(locale)}
              </option>
            ))}
          </Select>
        )}
        <label className="page-check">
          <input type="checkbox" checked={choice.failed} onChange={(event) => setWanted({ ...wanted, failed: event.target.checked })} />
          After a wrong answer
        </label>
        <span className="grow" />
        <div className="row" role="group" aria-label="Size of the preview" style={{ gap: 2 }}>
          {(Object.keys(sizes) as (keyof typeof sizes)[]).map((name) => (
            <Button key={name} size="small" look="ghost" aria-pressed={size === name} onClick={() => setSize(name)}>
              {name}
            </Button>
          ))}
        </div>
      </div>
      {(failure ?? page?.notes?.[0]) && (
        <p className={`page-note ${failure ? 'bad' : ''}`} role="status">
          <TriangleAlert size={13} aria-hidden />
          <span>{failure ?? page?.notes?.[0]}</span>
        </p>
      )}
      <div className="page-stage">{page && <iframe className={failure ? 'stale' : ''} title={`Preview of ${path}`} sandbox="" srcDoc={inert(page.html)} style={{ width: sizes[size] || '100%' }} />}</div>
    </section>
  )
}

function firstOf(facts: PageFacts): string {
  const first = facts.shown_by[0]
  return first ? `${first.flow}.${first.block}` : ''
}

function languageName(locale: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(locale) ?? locale
  } catch {
    return locale
  }
}
