// The list of all texts that can be translated is what stands in the source, and
// the build changes nothing but where they come from.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { findTexts, holdsTexts, leadThrough } from '../texts/extract'
import { loadTexts, text } from '../src/ui/texts'

const root = join(import.meta.dirname, '..')
const catalogueFile = join(root, 'texts/catalogue.json')

function catalogue(): Record<string, string[]> {
  const all = new Map<string, Set<string>>()
  for (const entry of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (!entry.isFile() || !holdsTexts(file)) continue
    for (const found of findTexts(file, readFileSync(file, 'utf8')).flatMap((f) => [f.text, ...f.within])) all.set(found, (all.get(found) ?? new Set()).add(relative(root, file)))
  }
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([found, files]) => [found, [...files].sort()]))
}

const led = (source: string) => leadThrough('src/x.tsx', source, 'ui')?.replace(/^import [^;]+; /, '')

describe('the texts of the studio', () => {
  // Every source is read: a machine that does much else needs its time.
  it('stand in one list (npm run texts writes it)', () => {
    const now = JSON.stringify(catalogue(), null, 1) + '\n'
    if (process.env.AUTHFLOW_UPDATE) writeFileSync(catalogueFile, now)
    expect(now === readFileSync(catalogueFile, 'utf8'), 'texts/catalogue.json is not what the source says: npm run texts').toBe(true)
  }, 120_000)

  it('are translated with the values they are said with', () => {
    const known = JSON.parse(readFileSync(catalogueFile, 'utf8')) as Record<string, string[]>
    const places = (words: string) => [...new Set(words.match(/\{\d+\}/g))].sort()
    for (const name of readdirSync(join(root, 'texts')).filter((file) => file.endsWith('.json') && file !== 'catalogue.json')) {
      const dictionary = JSON.parse(readFileSync(join(root, 'texts', name), 'utf8')) as Record<string, string>
      for (const [english, said] of Object.entries(dictionary)) {
        expect(known[english], `${name}: nothing says ${english}`).toBeDefined()
        expect(places(said), `${name}: ${english}`).toEqual(places(english))
      }
    }
  })
})

describe('a source that is built', () => {
  it('has its texts led through the dictionary', () => {
    expect(led('const a = <b title="Run it">Go on, {name}</b>')).toBe('const a = <b title={__text("Run it")}>{__text("Go on,") + " "}{name}</b>')
    expect(led("notify.good(`${n} of ${all ? 'All of them' : m} done`)")).toBe('notify.good(__text("{0} of {1} done", n, all ? __text("All of them") : m))')
    expect(led("const c = { id: 'run.x', title: on ? 'Stop' : 'Go', keys: ['F5'] }")).toBe("const c = { id: 'run.x', title: on ? __text(\"Stop\") : __text(\"Go\"), keys: ['F5'] }")
    expect(led('const d = <p>\n  One line\n  and another.\n</p>')).toBe('const d = <p>{__text("One line and another.")}</p>')
  })

  it('keeps what is no text', () => {
    for (const source of ["const a = <b className=\"Card is big\" />", "if (kind === 'Some kind of') go()", "import x from './Some where'", "const k = { 'Some words': 1 }", "type T = 'Some words'", "const p = 'M0 0h3v3z'", 'const css = `default-src none`', "switch (x) { case 'Two words': }"]) expect(led(source), source).toBeUndefined()
  })
})

describe('the dictionary', () => {
  beforeEach(() => loadTexts(['en']))
  it('says what is written where it has nothing else', () => {
    expect(text('Leave {0} by {1}', 'a', 2)).toBe('Leave a by 2')
    expect(text('{run.breakpoint} stays, {7} too', 'a')).toBe('{run.breakpoint} stays, {7} too')
  })
})
