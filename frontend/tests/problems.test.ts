import { describe, expect, it } from 'vitest'
import type { Problem } from '../src/engine/problem-types'
import { allProblems, clearProblems, setLiveProblems, useProblems } from '../src/engine/problems'
import { fixesOf } from '../src/problems/fixing'
import { fresh, grouped, keyOfProblem } from '../src/problems/view'

const problem = (p: Partial<Problem>): Problem => ({ code: 'unreachable', severity: 'warning', message: 'No way leads here.', why: 'It never runs.', ...p })

const list = [
  problem({ code: 'unwired_port', severity: 'error', flow: 'login', block: 'a' }),
  problem({ flow: 'login', block: 'b' }),
  problem({ flow: 'logout', block: 'c' }),
  problem({ code: 'no_login_flow', message: 'There is none.' }),
]

describe('the list of problems', () => {
  const of = (view: Partial<typeof fresh>) => grouped(list, { ...fresh, ...view }, (slug) => slug.toUpperCase()).map((group) => `${group.title} ${group.problems.length}`)

  it('is grouped by severity, flow and check', () => {
    expect(of({})).toEqual(['Errors 1', 'Warnings 3'])
    expect(of({ grouping: 'flow' })).toEqual(['LOGIN 2', 'LOGOUT 1', 'Beside the flows 1'])
    expect(of({ grouping: 'code' })).toEqual(['unwired_port 1', 'unreachable 2', 'no_login_flow 1'])
  })

  it('shows one flow, or what stands in none, or leaves a severity out', () => {
    expect(of({ flow: 'login' })).toEqual(['Errors 1', 'Warnings 1'])
    expect(of({ flow: '/' })).toEqual(['Warnings 1'])
    expect(of({ hidden: new Set(['warning'] as const) })).toEqual(['Errors 1'])
  })

  it('tells each from all others', () => {
    expect(new Set(list.map(keyOfProblem)).size).toBe(list.length)
  })
})

describe('all problems', () => {
  it('have each once, whether a save or a check has told of it, and those on the canvas first', () => {
    useProblems.setState({ saved: list })
    setLiveProblems('login', list)
    expect(allProblems(useProblems.getState()).map((p) => p.flow ?? p.code)).toEqual(['login', 'login', 'logout', 'no_login_flow'])
    clearProblems()
  })
})

describe('all safe fixes of a flow', () => {
  const fix = (flow: string, edit: NonNullable<Problem['fix']>['edit']) => problem({ flow, fix: { title: 'Mend it', edit } })

  it('leave out what another has taken the ground from', () => {
    const gone = { op: 'delete_block', block: 'b' } as const
    const onto = { op: 'connect', block: 'a', port: 'next', to: 'b' } as const
    const off = { op: 'disconnect', block: 'a', port: 'next' } as const
    const found = [fix('login', [gone]), fix('login', [onto]), fix('login', [off]), fix('login', [off]), fix('logout', [gone]), problem({ flow: 'login' })]
    expect(fixesOf(found, 'login')).toEqual([gone, off])
  })
})
