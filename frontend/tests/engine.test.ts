import { describe, expect, it, vi } from 'vitest'
import { call, connect, on } from '../src/engine/client'
import { describe as words, EngineError } from '../src/engine/errors'
import { shaped } from '../src/engine/shape'
import { httpTransport, windowTransport } from '../src/engine/transport'

describe('answers', () => {
  it('have lists where Go wrote null', () => {
    expect(shaped('problems.list', null)).toEqual([])
    expect(shaped('bundle.preview', { name: 'a', problems: null, flows: [1] })).toMatchObject({ problems: [], flows: [1], secrets: [] })
    expect(shaped('sessions.list', [{ amr: null, clients: ['a'] }])).toEqual([{ amr: [], clients: ['a'] }])
  })

  it('that are nothing stay nothing', () => {
    expect(shaped('project.current', null)).toBeNull()
    expect(shaped('tokens.get', null)).toBeNull()
    expect(shaped('run.start', null)).toBeNull()
  })
})

describe('over HTTP', () => {
  const answer = (body: string, status = 200) => vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(body, { status }))))

  it('posts the arguments and opens the envelope', async () => {
    answer('{"result":{"a":1}}')
    expect(await httpTransport.call('x.y', { b: 2 })).toEqual({ a: 1 })
    expect(fetch).toHaveBeenCalledWith('/api/call/x.y', expect.objectContaining({ method: 'POST', body: '{"b":2}', headers: { 'Content-Type': 'application/json' } }))
  })

  it('throws what Go says, with its code and hint', async () => {
    answer('{"error":{"code":"conflict","message":"changed","hint":"reload","data":{"r":1}}}', 409)
    await expect(httpTransport.call('flow.save', {})).rejects.toMatchObject({ code: 'conflict', message: 'changed', hint: 'reload', data: { r: 1 } })
  })

  it('has words for a line that is down and for nonsense', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    await expect(httpTransport.call('x', {})).rejects.toMatchObject({ code: 'unreachable' })
    answer('<html>')
    await expect(httpTransport.call('x', {})).rejects.toMatchObject({ code: 'bad_answer' })
    answer('no', 401)
    await expect(httpTransport.call('x', {})).rejects.toMatchObject({ code: 'unauthorized' })
  })
})

describe('in the window', () => {
  it('calls the bound bridge with JSON and opens the same envelope', async () => {
    const Call = vi.fn(() => Promise.resolve('{"error":{"code":"x","message":"no"}}'))
    vi.stubGlobal('go', { desktop: { Bridge: { Call } } })
    await expect(windowTransport.call('a.b', { c: 1 })).rejects.toMatchObject({ code: 'x' })
    expect(Call).toHaveBeenCalledWith('a.b', '{"c":1}')
  })

  it('hears events under one name', () => {
    let emit: (event: { name: string; payload: unknown }) => void = () => undefined
    vi.stubGlobal('runtime', { EventsOn: (name: string, heard: typeof emit) => ((emit = name === 'studio' ? heard : emit), () => undefined) })
    const heard = vi.fn()
    const link = vi.fn()
    connect(windowTransport, link)
    const stop = on('problems', heard)
    emit({ name: 'problems', payload: null })
    stop()
    emit({ name: 'problems', payload: [] })
    expect(heard).toHaveBeenCalledExactlyOnceWith([])
    expect(link).toHaveBeenCalledWith(true)
  })
})

describe('calls', () => {
  it('send an empty object where a method takes nothing', async () => {
    const sent = vi.fn(() => Promise.resolve(null))
    connect({ call: sent, listen: () => () => undefined }, () => undefined)
    await call('runs.list')
    expect(sent).toHaveBeenCalledWith('runs.list', {})
  })
})

describe('words for failures', () => {
  it('are Go’s own where it has any', () => {
    expect(words(new EngineError({ code: 'a', message: 'b', hint: 'c' }))).toEqual({ message: 'b', hint: 'c' })
    // What nobody wrote for people gets a next step, too.
    expect(words(new TypeError('x is null'))).toEqual({ message: 'Something in this window went wrong: x is null.', hint: expect.stringContaining('Your work is kept') as string })
    expect(words('odd').hint).toBeDefined()
  })
})
