// The user guide is never stale: its pictures are those that the tour makes, its
// links lead somewhere, and its table of keys is that of the registry.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { titleOfCommand } from '../src/commands/registry'
import { studioCommands } from '../src/shell/all-commands'
import { formatKeys } from '../src/ui/keys'

const guide = join(import.meta.dirname, '../../docs/guide')
const chapters = readdirSync(guide).filter((file) => file.endsWith('.md'))
const text = (file: string) => readFileSync(join(guide, file), 'utf8')
const named = chapters.flatMap((file) => [...text(file).matchAll(/!\[[^\]]*\]\(pictures\/([\w-]+)\.png\)/g)].map((match) => match[1]!))
const tour = readFileSync(join(import.meta.dirname, '../e2e/tour.spec.ts'), 'utf8')
const made = [...tour.matchAll(/picture\(page, '([\w-]+)'/g)].map((match) => match[1]!)

describe('the guide', () => {
  it('names the pictures that the tour makes, each once, and no other', () => {
    expect([...made].sort()).toEqual([...new Set(made)].sort())
    expect([...named].sort()).toEqual([...made].sort())
  })

  it('has all of them, none too large for a page, and none that nobody names', () => {
    const there = readdirSync(join(guide, 'pictures'))
    expect(there.sort()).toEqual(named.map((name) => `${name}.png`).sort())
    expect(there.filter((file) => statSync(join(guide, 'pictures', file)).size > 160_000)).toEqual([])
  })

  it('says of each picture what it shows', () => {
    const words = chapters.flatMap((file) => [...text(file).matchAll(/!\[([^\]]*)\]/g)].map((match) => match[1]!))
    expect(words.filter((alt) => alt.length < 15)).toEqual([])
  })

  it('leads from its front to every chapter, and nowhere that is not there', () => {
    const links = (file: string) => [...text(file).matchAll(/(?<!!)\[[^\]]*\]\(([^)#]+)\)/g)].map((match) => match[1]!)
    expect(chapters.filter((file) => file !== 'README.md' && !links('README.md').includes(file))).toEqual([])
    expect(chapters.flatMap((file) => links(file).filter((link) => !existsSync(join(guide, link))))).toEqual([])
  })

  it('lists the keys of the registry (AUTHFLOW_UPDATE=1 writes them)', () => {
    const [from, to] = ['<!-- keys: made of the registry of commands, by make guide -->', '<!-- /keys -->']
    const page = text('keys.md')
    const whole = page.slice(0, page.indexOf(from) + from.length) + '\n' + keyTable() + page.slice(page.indexOf(to))
    if (process.env.AUTHFLOW_UPDATE) writeFileSync(join(guide, 'keys.md'), whole)
    expect(text('keys.md')).toBe(whole)
  })
})

/** Commands with keys, by menu; the moves of the arrow keys are told in words. */
function keyTable(): string {
  const rows = studioCommands.filter((command) => command.keys?.length || command.system).filter((command) => !/^canvas\.(walk|nudge|push)\./.test(command.id))
  const groups = [...new Set(rows.map((command) => command.menu ?? ''))]
  const code = (keys: string) => `\`${formatKeys(keys, false)}\``
  const lines = groups.sort().flatMap((menu) =>
    rows
      .filter((command) => (command.menu ?? '') === menu)
      .map((command) => `| ${titleOfCommand(command).replace(/…$/, '')} | ${(command.keys ?? [command.system!]).map(code).join(', ')} | ${menu || (command.where === 'canvas' ? 'on the drawing' : '')} |`),
  )
  return ['| command | keys | menu |', '|---|---|---|', ...lines, ''].join('\n')
}
