import { describe, expect, it } from 'vitest'
import { commandForKey } from '../src/commands/run'
import { registerCommands, allCommands, type Command } from '../src/commands/registry'
import { bestScore, rankBy, score } from '../src/commands/search'
import { insertPath, wordAt } from '../src/inspector/widgets/completion'
import { formatKeys, matches, parseKeys, type KeyPress } from '../src/ui/keys'

const press = (key: string, mods: Partial<KeyPress> = {}): KeyPress => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...mods })

describe('keys', () => {
  it('read chords', () => {
    expect(parseKeys('Mod+Shift+P')).toEqual({ key: 'p', mod: true, shift: true, alt: false })
    expect(parseKeys('Mod++').key).toBe('+')
    expect(parseKeys('+').key).toBe('+')
    expect(parseKeys('/').key).toBe('/')
  })

  it('mean Ctrl here and ⌘ on a Mac', () => {
    expect(matches(press('k', { ctrlKey: true }), 'Mod+K', false)).toBe(true)
    expect(matches(press('k', { metaKey: true }), 'Mod+K', false)).toBe(false)
    expect(matches(press('k', { metaKey: true }), 'Mod+K', true)).toBe(true)
    expect(matches(press('k', { ctrlKey: true }), 'Mod+K', true)).toBe(false)
  })

  it('tell a letter with Shift from one without', () => {
    expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Z', false)).toBe(false)
    expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+Z', false)).toBe(true)
    expect(matches(press('F5', { shiftKey: true }), 'F5', false)).toBe(false)
  })

  it('take printed signs however the keyboard makes them', () => {
    expect(matches(press('?', { shiftKey: true }), '?', false)).toBe(true)
    expect(matches(press('/', { shiftKey: true }), '/', false)).toBe(true)
    // Digits on a keyboard where they need Shift.
    expect(matches(press('&', { code: 'Digit1' }), '1', false)).toBe(true)
  })

  it('are written as people read them', () => {
    expect(formatKeys('Mod+Shift+P', false)).toBe('Ctrl+Shift+P')
    expect(formatKeys('Mod+Shift+P', true)).toBe('⇧⌘P')
    expect(formatKeys('Alt+ArrowLeft', false)).toBe('Alt+←')
    expect(formatKeys('F9', false)).toBe('F9')
  })
})

describe('the command a key means', () => {
  const list: Command[] = [
    { id: 'palette', title: 'Palette', keys: ['Mod+K'], inText: true, run: () => undefined },
    { id: 'undo', title: 'Undo', keys: ['Mod+Z'], run: () => undefined },
    { id: 'delete', title: 'Delete', keys: ['Delete'], where: 'canvas', run: () => undefined },
    { id: 'continue', title: 'Continue', keys: ['F5'], inText: true, when: () => false, run: () => undefined },
    { id: 'start', title: 'Run', keys: ['F5'], inText: true, run: () => undefined },
  ]
  const at = (place: Partial<{ inText: boolean; inCanvas: boolean; inDialog: boolean }>) => ({ inText: false, inCanvas: true, inDialog: false, ...place })
  const meant = (p: KeyPress, place = {}) => commandForKey(p, at(place), list)?.id

  it('leaves text editing its own undo and delete', () => {
    expect(meant(press('z', { ctrlKey: true }))).toBe('undo')
    expect(meant(press('z', { ctrlKey: true }), { inText: true })).toBeUndefined()
    expect(meant(press('Delete'), { inText: true })).toBeUndefined()
    expect(meant(press('k', { ctrlKey: true }), { inText: true })).toBe('palette')
  })

  it('deletes only from the canvas', () => {
    expect(meant(press('Delete'), { inCanvas: false })).toBeUndefined()
    expect(meant(press('Delete'))).toBe('delete')
  })

  it('falls through to the command that is possible', () => {
    expect(meant(press('F5'))).toBe('start')
  })

  it('is none behind a dialog', () => {
    expect(meant(press('k', { ctrlKey: true }), { inDialog: true })).toBeUndefined()
  })
})

describe('the registry', () => {
  it('refuses two commands of one id and lets go of what was added', () => {
    const one: Command = { id: 'test.one', title: 'One', run: () => undefined }
    const remove = registerCommands([one])
    expect(() => registerCommands([one])).toThrow('test.one')
    remove()
    expect(allCommands()).not.toContain(one)
  })
})

describe('search', () => {
  it('finds by name before synonym, by word before letters', () => {
    expect(score('Second factor', 'second')).toBeGreaterThan(score('A second factor', 'second'))
    expect(score('Second factor', 'fac')).toBeGreaterThan(score('Artefact', 'fac'))
    expect(score('Decision', 'xyz')).toBe(0)
    expect(bestScore(['Second factor', '2fa'], '2fa')).toBeGreaterThan(0)
  })

  it('keeps the order of equals and takes signs literally', () => {
    expect(rankBy(['b', 'a'], '', (t) => [t])).toEqual(['b', 'a'])
    expect(() => score('a', '(.*')).not.toThrow()
  })
})

describe('completion', () => {
  it('is of the path before the caret', () => {
    expect(wordAt('step.risk', 9, false)).toEqual({ text: 'step.risk', start: 0 })
    expect(wordAt('a == step.', 10, false)).toEqual({ text: 'step.', start: 5 })
    expect(wordAt('a == ', 5, false)).toBeNull()
  })

  it('is silent in texts and outside braces', () => {
    expect(wordAt('x == "ste', 9, false)).toBeNull()
    expect(wordAt('Hello step', 10, true)).toBeNull()
    expect(wordAt('Hello {{ step', 13, true)).toEqual({ text: 'step', start: 9 })
    expect(wordAt('{{ a }} step', 12, true)).toBeNull()
  })

  it('puts braces where a template needs them', () => {
    expect(insertPath('Hi ', 3, 3, 'event.user.email', true).text).toBe('Hi {{ event.user.email }}')
    expect(insertPath('Hi {{ ev }}', 6, 8, 'event.user.email', true).text).toBe('Hi {{ event.user.email }}')
    expect(insertPath('a == ste', 5, 8, 'step.x.y', false)).toEqual({ text: 'a == step.x.y', caret: 13 })
  })
})
