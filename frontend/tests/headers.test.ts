import { beforeEach, describe, expect, it } from 'vitest'
import { withHeader } from '../src/engine/headers'
import { descriptorOf, setProject, useStudio } from '../src/engine/studio'
import type { ActionSummary, Descriptor, Field, Project } from '../src/engine/types'
import { portsOf } from '../src/document/ports'
import { asTyped, isTemplate, withSetting } from '../src/inspector/widgets/settings'

const run: Descriptor = {
  id: 'run_custom_action', family: 'control', title: 'Run custom Action', summary: '', help: '', synonyms: [], icon: '', terminal: false, asks: false,
  fields: [{ name: 'action', title: 'Action', kind: 'action' }, { name: 'config', title: 'Config', kind: 'map' }],
  outputs: [{ name: 'denied', type: 'boolean', help: '' }],
  ports: [{ id: 'next', title: 'next', tone: 'neutral' }],
}
const action = (path: string, part: Partial<ActionSummary> = {}): ActionSummary => ({ path, size: 1, runs: true, fields: [], ports: [], outputs: [], ...part })
const domains: Field = { name: 'domains', title: 'domains', kind: 'strings', default: ['acme.example'] }
const rich = action('actions/tag.ts', { fields: [domains], ports: [{ name: 'outside' }], outputs: [{ name: 'kind', type: 'string' }] })

describe('the header of an Action', () => {
  it('adds its ports, outputs and form to the block that runs it', () => {
    const full = withHeader(run, { action: 'tag.ts' }, [rich])
    expect(full?.outputs.map((o) => o.name)).toEqual(['denied', 'kind'])
    expect(full?.fields[1]?.items).toEqual([domains])
    const block = { type: run.id, stage: 's', config: { action: 'tag.ts' }, next: { outside: 'a', gone: 'b' } }
    expect(portsOf(block, full).map((p) => [p.id, p.stale ?? false])).toEqual([['next', false], ['outside', false], ['gone', true], ['error', false]])
  })

  it('leaves the free map where there is no header, and where the file does not run', () => {
    expect(withHeader(run, { action: 'plain.js' }, [action('actions/plain.js')])?.fields[1]?.items).toBeUndefined()
    expect(withHeader(run, { action: 'tag.ts' }, [{ ...rich, runs: false }])).toBe(run)
    expect(withHeader(run, { action: 'missing.ts' }, [rich])).toBe(run)
    expect(withHeader(run, undefined, [rich])).toBe(run)
  })
})

describe('the project as it comes from Go', () => {
  const project = (...actions: ActionSummary[]): Project => ({ dir: '/p', name: '', version: '', flows: [], pages: [], texts: [], actions: structuredClone(actions) })
  beforeEach(() => useStudio.setState({ project: null, descriptors: new Map([[run.id, run]]) }))

  it('draws nothing anew for a header that stayed', () => {
    setProject(project(rich))
    const before = descriptorOf(run.id, { action: 'tag.ts' })
    setProject(project({ ...rich, size: 2 }))
    expect(descriptorOf(run.id, { action: 'tag.ts' })).toBe(before)
    expect(before?.ports).toHaveLength(2)
  })

  it('draws anew for one that changed', () => {
    setProject(project(rich))
    const before = useStudio.getState().project?.actions
    setProject(project({ ...rich, ports: [{ name: 'elsewhere' }] }))
    expect(useStudio.getState().project?.actions).not.toBe(before)
    expect(descriptorOf(run.id, { action: 'tag.ts' })?.ports.map((p) => p.id)).toEqual(['next', 'elsewhere'])
  })
})

describe('settings of a form', () => {
  const field = (kind: Field['kind']): Field => ({ name: 'x', title: 'x', kind })
  it('read texts of before as the engine reads them', () => {
    expect(asTyped(field('number'), '5')).toBe(5)
    expect(asTyped(field('number'), 'five')).toBe('five')
    expect(asTyped(field('boolean'), 'true')).toBe(true)
    expect(asTyped(field('strings'), 'a, b,')).toEqual(['a', 'b'])
    expect(asTyped(field('choice'), 'a')).toBe('a')
    expect(asTyped(field('number'), 7)).toBe(7)
  })

  it('know a template', () => {
    expect(isTemplate('{{ event.user.id }}')).toBe(true)
    expect(isTemplate('plain')).toBe(false)
    expect(isTemplate(5)).toBe(false)
  })

  it('vanish when none is left', () => {
    expect(withSetting({ a: 1 }, 'b', 2)).toEqual({ a: 1, b: 2 })
    expect(withSetting({ a: 1 }, 'a', undefined)).toBeUndefined()
    expect(withSetting({ a: 1 }, 'a', false)).toEqual({ a: false })
  })
})
