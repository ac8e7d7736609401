import { describe, expect, it } from 'vitest'
import { hintFor, type Situation } from '../src/hints/hints'
import { spotFor, type Box } from '../src/hints/place'

const view = { width: 1000, height: 700 }
const size = { width: 300, height: 120 }

function apart(spot: { left: number; top: number }, target: Box): boolean {
  return spot.left + size.width <= target.left || target.left + target.width <= spot.left || spot.top + size.height <= target.top || target.top + target.height <= spot.top
}

describe('where a hint stands', () => {
  it('is beside its target and in the window, wherever that is', () => {
    for (let left = 0; left <= 900; left += 45) {
      for (let top = 0; top <= 660; top += 30) {
        const target = { left, top, width: 100, height: 40 }
        const spot = spotFor(target, size, view)
        expect(apart(spot, target), JSON.stringify({ target, spot })).toBe(true)
        expect(spot.left >= 0 && spot.left + size.width <= view.width && spot.top >= 0 && spot.top + size.height <= view.height).toBe(true)
      }
    }
  })

  it('points at the middle of its target', () => {
    expect(spotFor({ left: 400, top: 100, width: 100, height: 40 }, size, view)).toEqual({ side: 'below', left: 300, top: 150, arrow: 150 })
    // At the edge the callout stays in the window, and the arrow goes on pointing.
    expect(spotFor({ left: 0, top: 100, width: 100, height: 40 }, size, view)).toEqual({ side: 'below', left: 8, top: 150, arrow: 42 })
    expect(spotFor({ left: 400, top: 640, width: 100, height: 40 }, size, view).side).toBe('above')
    expect(spotFor({ left: 10, top: 20, width: 100, height: 660 }, size, view).side).toBe('right')
  })
})

describe('which hint is due', () => {
  const start: Situation = { project: false, running: false, waiting: false, paused: false, succeeded: false, breakpoints: false, block: null }
  const due = (now: Partial<Situation>, hints: unknown = {}) => hintFor({ ...start, ...now }, { hints })?.id

  it('follows the first minute', () => {
    expect(due({})).toBe('template')
    expect(due({ project: true })).toBe('run')
    expect(due({ project: true, running: true, waiting: true })).toBe('signIn')
    expect(due({ project: true, succeeded: true, block: 'risk' })).toBe('breakpoint')
    expect(due({ project: true, succeeded: true, breakpoints: true })).toBe('again')
    expect(due({ project: true, running: true, breakpoints: true, paused: true })).toBe('paused')
  })

  it('is none that was put away, and none at all for who wants none', () => {
    expect(due({ project: true }, { seen: ['run'] })).toBeUndefined()
    expect(due({}, { off: true })).toBeUndefined()
    // What cannot be read is nothing.
    expect(due({}, { seen: 7 })).toBe('template')
  })
})
