import { describe, expect, it } from 'vitest'
import { placesOf } from '../src/scenarios/places'

describe('the path of a test', () => {
  it('names each block once, with the outcome by which it was left', () => {
    const path = ['login.sign_in', 'login.sign_in:submitted', 'login.mfa', 'verify.code', 'verify.code:ok', 'login.mfa:ok', 'login.signed_in']
    expect(placesOf(path).map((p) => [p.flow, p.block, p.port ?? ''].join(' ').trim())).toEqual(['login sign_in submitted', 'login mfa', 'verify code ok', 'login mfa ok', 'login signed_in'])
  })
  it('keeps a block that is stopped in twice', () => {
    expect(placesOf(['login.sign_in', 'login.sign_in', 'login.sign_in:submitted'])).toHaveLength(2)
  })
})
