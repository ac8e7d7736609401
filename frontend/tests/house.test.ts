// Laws of the house that no type can hold: who may import whom, and how long a
// file may be.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../src')
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|tsx|css)$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
const code = files.filter((file) => !file.endsWith('.css'))
const text = (file: string) => readFileSync(join(root, file), 'utf8')
const room = (file: string) => file.split('/')[0]!

/** Rooms that features may use, and what those may use in turn. */
const shared: Record<string, string[]> = {
  engine: [],
  ui: ['engine'],
  document: ['engine'],
  commands: ['engine', 'ui'],
  editor: ['engine', 'document', 'commands', 'ui'],
}

function imports(file: string): { from: string; to: string }[] {
  const found: { from: string; to: string }[] = []
  for (const match of text(file).matchAll(/from '(\.[^']+)'/g)) {
    const to = room(relative(root, join(root, file, '..', match[1]!)))
    if (to !== room(file)) found.push({ from: file, to })
  }
  return found
}

describe('the house', () => {
  it('has features that import only engine, document, commands, ui and editor', () => {
    const wrong = code
      .flatMap(imports)
      .filter(({ from, to }) => {
        const own = room(from)
        if (own === 'shell' || own === 'main.tsx') return false
        return !(shared[own] ?? Object.keys(shared)).includes(to)
      })
      .map(({ from, to }) => `${from} imports ${to}`)
    expect(wrong).toEqual([])
  })

  it('talks to Go in engine alone', () => {
    expect(code.filter((file) => room(file) !== 'engine' && /(?<![.\w])fetch\(|EventSource|window\.go\b|\.runtime\b/.test(text(file)))).toEqual([])
  })

  it('never lets a page of a flow run scripts', () => {
    expect(code.filter((file) => /^[^/*]*['"`][^'"`]*allow-scripts/m.test(text(file)))).toEqual([])
    expect(code.filter((file) => text(file).includes('dangerouslySetInnerHTML'))).toEqual([])
  })

  it('uses pointer events, never the drag and drop of HTML', () => {
    expect(code.filter((file) => /\bdraggable=|onDragStart|dataTransfer/.test(text(file)))).toEqual([])
  })

  it('has no endless animation', () => {
    expect(files.filter((file) => file.endsWith('.css') && /animation[^;]*infinite/.test(text(file)))).toEqual([])
  })

  it('has files of less than 400 lines, each opening with its duty', () => {
    expect(files.filter((file) => text(file).split('\n').length > 400)).toEqual([])
    expect(code.filter((file) => file !== 'main.tsx' && !file.endsWith('index.ts') && !text(file).startsWith('//'))).toEqual([])
  })

  it('fetches nothing from elsewhere', () => {
    expect(files.filter((file) => /(src|href|url)\(?=?\s*["'(]?https?:\/\//.test(text(file)))).toEqual([])
  })

  // A key that is bound anew shows everywhere: what is written down by hand would not.
  it('takes every key it shows from the registry of commands', () => {
    const keyNames = /\b(Ctrl|Cmd|Mod|Shift|Alt)\s?\+\s?\w|\bF([1-9]|1[0-2])\b|\b[Pp]ress (Tab|Enter|Escape|Esc|Delete)\b/
    const speaks = code.filter((file) => !['ui/keys.ts', 'commands/Shortcuts.tsx'].includes(file) && !/commands\.ts$/.test(file))
    const wrong = speaks.flatMap((file) =>
      text(file)
        .split('\n')
        .map((line) => line.replace(/(^|\s)(\/\/|\/?\*).*$/, '').replace(/\b(keys: \[[^\]]*\]|system: '[^']*')/, ''))
        .filter((line) => (keyNames.test(line) && !/\bkey (===|!==)|\.key\b|\bkey: '/.test(line)) || /(?<![-\w])keys(="|: ['"])/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(wrong).toEqual([])
  })
})
