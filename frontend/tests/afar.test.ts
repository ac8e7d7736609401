import { describe, expect, it } from 'vitest'
import { cardAt, meets, SceneDrawer, wireAt } from '../src/canvas/afar/scene'
import { EdgeDrawer, NodeDrawer } from '../src/canvas/nodes'
import { lanesOf } from '../src/document/lanes'
import { catalogue, loginDoc, lookup } from './catalogue'

function scene() {
  const doc = loginDoc()
  const nodes = new NodeDrawer().draw({ slug: 'login', doc, lanes: lanesOf(doc, catalogue), selected: new Set(['password']), held: null, lookup, lockOf: () => null })
  const edges = new EdgeDrawer().draw('login', doc, 'password:ok', lookup)
  return { nodes, edges, drawn: new SceneDrawer().draw('login', nodes, edges, catalogue.families) }
}

describe('the picture from afar', () => {
  it('has every card and every wire, where they are near by', () => {
    const { nodes, edges, drawn } = scene()
    expect(drawn.cards.map((card) => card.id)).toEqual(nodes.filter((node) => node.type === 'block').map((node) => node.id))
    expect(drawn.wires.map((wire) => wire.id)).toEqual(edges.map((edge) => edge.id))
    const password = nodes.find((node) => node.id === 'password')!
    expect(drawn.cards.find((card) => card.id === 'password')).toMatchObject({ x: password.position.x, y: password.position.y, width: password.width, height: password.height, selected: true })
    const ok = drawn.wires.find((wire) => wire.id === 'password:ok')!
    expect(ok).toMatchObject({ block: 'password', port: 'ok', selected: true })
    expect(ok.from.x).toBe(password.position.x + password.width! + 6)
  })

  it('knows the uppermost card and the nearest wire at a point', () => {
    const { drawn } = scene()
    const card = drawn.cards[0]!
    expect(cardAt(drawn, { x: card.x + 3, y: card.y + 3 })?.id).toBe(card.id)
    expect(cardAt(drawn, { x: card.x - 3, y: card.y + 3 })?.id).not.toBe(card.id)
    const over = { ...drawn, cards: [...drawn.cards, { ...card, id: 'over' }] }
    expect(cardAt(over, { x: card.x + 3, y: card.y + 3 })?.id).toBe('over')
    const wire = drawn.wires.find((w) => w.id === 'password:ok')!
    const middle = { x: (wire.from.x + wire.to.x) / 2, y: (wire.from.y + wire.to.y) / 2 }
    expect(wireAt(drawn, middle, 1)?.id).toBe('password:ok')
    expect(wireAt({ ...drawn, wires: [wire] }, { x: middle.x + 900, y: middle.y + 900 }, 30)).toBeUndefined()
    expect(meets(card, { x: card.x + card.width - 1, y: card.y, width: 50, height: 50 })).toBe(true)
    expect(meets(card, { x: card.x + card.width + 1, y: card.y, width: 50, height: 50 })).toBe(false)
  })
})
