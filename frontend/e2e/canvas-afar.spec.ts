// A large flow from afar is a picture. Whatever one does to a card is done to its
// likeness all the same: by pointer, by keyboard, and for who cannot see it.
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { largeFlow } from './large-flow'
import { card, drag, expect, inspector, saved, test, type Studio } from './studio'

const { flow, layout } = largeFlow(300)

async function fromAfar(page: Page, studio: Studio): Promise<void> {
  studio.write('flows/large.json', JSON.stringify(flow, null, 2))
  studio.write('flows/large.layout.json', JSON.stringify(layout, null, 2))
  await studio.start()
  await page.goto(studio.url)
  await page.getByRole('button', { name: /^Large/ }).click()
  await card(page, 'b0').click()
  await page.keyboard.press('1')
  await expect(page.locator('.afar-picture')).toBeAttached()
  await expect(card(page, 'b1')).toHaveCount(0)
  await page.keyboard.press('Escape')
}

/** Where a block of the first stage is in the window, drawn or painted. */
async function spot(page: Page, id: string, dx = 112, dy = 30): Promise<{ x: number; y: number }> {
  const at = layout.blocks[id]!
  return page.locator('.react-flow__viewport').evaluate(
    (viewport, { x, y }) => {
      const point = new DOMPoint(x, y).matrixTransform(new DOMMatrix(getComputedStyle(viewport).transform))
      const pane = viewport.closest('.react-flow')!.getBoundingClientRect()
      return { x: pane.x + point.x, y: pane.y + point.y }
    },
    { x: at.x + dx, y: at.y + dy },
  )
}

/** The colours of the picture around a point of the window, to see that something is painted there. */
async function colours(page: Page, at: { x: number; y: number }): Promise<number> {
  return page.locator('.afar-picture').evaluate((element, { x, y }) => {
    const canvas = element as HTMLCanvasElement
    const box = canvas.getBoundingClientRect()
    const ratio = canvas.width / box.width
    const { data } = canvas.getContext('2d')!.getImageData((x - box.x) * ratio, (y - box.y) * ratio, 1, 1)
    return data[3]!
  }, at)
}

const places = (studio: Studio) => (JSON.parse(studio.read('flows/large.layout.json')) as typeof layout).blocks

test('by pointer: hover, click, drag, box, menus and wires', async ({ page, studio }) => {
  test.slow()
  await fromAfar(page, studio)
  expect(await page.locator('.react-flow *').count()).toBeLessThan(60)
  const b5 = await spot(page, 'b5')
  expect(await colours(page, b5)).toBe(255)

  await test.step('the card beneath the pointer is real, and only that', async () => {
    await page.mouse.move(b5.x, b5.y)
    await expect(card(page, 'b5')).toBeVisible()
    const b40 = await spot(page, 'b40')
    await page.mouse.move(b40.x, b40.y)
    await expect(card(page, 'b40')).toBeVisible()
    await expect(card(page, 'b5')).toHaveCount(0)
  })

  await test.step('a click selects it, Shift one more, and a click on the ground none', async () => {
    await page.mouse.click(b5.x, b5.y)
    await expect(inspector(page).getByLabel('Id', { exact: true })).toHaveValue('b5')
    const b7 = await spot(page, 'b7')
    await page.mouse.move(b7.x, b7.y)
    await expect(card(page, 'b7')).toBeVisible()
    await page.keyboard.down('Control')
    await page.mouse.click(b7.x, b7.y)
    await page.keyboard.up('Control')
    await expect(inspector(page)).toContainText('2 blocks')
    const ground = await spot(page, 'b0', 0, -400)
    await page.mouse.click(ground.x, ground.y)
    await expect(inspector(page).getByLabel('Id', { exact: true })).toHaveCount(0)
  })

  await test.step('it is dragged as a card is, in one step', async () => {
    const b14 = await spot(page, 'b14')
    await drag(page, b14, { x: b14.x, y: b14.y - 60 })
    await saved(page)
    expect(places(studio).b14!.y).toBeLessThan(layout.blocks.b14!.y - 100)
    await page.keyboard.press('Control+z')
    await expect.poll(() => places(studio).b14).toEqual(layout.blocks.b14)
  })

  await test.step('a box selects what is painted in it, and all of it is dragged together', async () => {
    const from = await spot(page, 'b0', -20, -60)
    const to = await spot(page, 'b37', 230, 90)
    await page.keyboard.down('Shift')
    await drag(page, from, to)
    await page.keyboard.up('Shift')
    await expect(inspector(page)).toContainText('32 blocks')
    const b12 = await spot(page, 'b12')
    await page.mouse.move(b12.x, b12.y)
    await expect(card(page, 'b12')).toBeVisible()
    await drag(page, b12, { x: b12.x, y: b12.y + 40 })
    await saved(page)
    const moved = places(studio)
    const by = moved.b12!.y - layout.blocks.b12!.y
    expect(by).toBeGreaterThan(100)
    for (const id of ['b0', 'b7', 'b30', 'b37']) expect(moved[id]!.y - layout.blocks[id]!.y, id).toBe(by)
    expect(moved.b8).toEqual(layout.blocks.b8)
    await page.keyboard.press('Control+z')
    await expect.poll(() => places(studio)).toEqual(layout.blocks)
  })

  await test.step('menus of a card, of a wire and of the ground', async () => {
    await page.mouse.click(b5.x, b5.y, { button: 'right' })
    await expect(page.getByRole('menuitem', { name: 'Duplicate' })).toBeVisible()
    await page.keyboard.press('Escape')
    const wireAt = await spot(page, 'b4', 224 + 36, 59)
    await page.mouse.move(wireAt.x, wireAt.y)
    await expect(page.locator('.canvas')).toHaveClass(/at-wire/)
    await page.mouse.click(wireAt.x, wireAt.y)
    await expect(page.locator('.react-flow__edge.selected')).toHaveCount(1)
    await page.mouse.click(wireAt.x, wireAt.y, { button: 'right' })
    await expect(page.getByRole('menuitem', { name: 'Break on this edge' })).toBeVisible()
    await page.keyboard.press('Escape')
    const ground = await spot(page, 'b0', 0, -400)
    await page.mouse.click(ground.x, ground.y, { button: 'right' })
    await expect(page.getByRole('menuitem', { name: 'Add a block here…' })).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('a carried block goes into a painted wire', async () => {
    const wireAt = await spot(page, 'b4', 224 + 36, 59)
    await page.getByLabel('Search blocks').fill('log event')
    const entry = await page.locator('.palette-entry').first().boundingBox()
    if (!entry) throw new Error('no palette entry')
    await drag(page, { x: entry.x + 40, y: entry.y + 15 }, wireAt)
    const read = () => JSON.parse(studio.read('flows/large.json')) as typeof flow
    await expect.poll(() => Object.keys(read().blocks).length).toBe(302)
    await saved(page)
    const written = read()
    const added = Object.keys(written.blocks).find((id) => !flow.blocks[id])!
    expect(written.blocks.b4!.next).toEqual({ next: added })
    expect(written.blocks[added]!.next).toEqual({ next: 'b5' })
  })
})

test('by keyboard: selection, breakpoint, focus and the way back near', async ({ page, studio }) => {
  await fromAfar(page, studio)
  const b5 = await spot(page, 'b5')
  await page.mouse.click(b5.x, b5.y)
  await expect(card(page, 'b5')).toBeFocused()
  await page.mouse.move(b5.x, 20)
  // What has the keyboard stays, wherever the pointer goes.
  await expect(card(page, 'b5')).toBeFocused()
  await page.keyboard.press('F9')
  await expect(card(page, 'b5').locator('.breakpoint')).toBeVisible()
  await page.keyboard.press('-')
  await expect(card(page, 'b5')).toBeFocused()
  await page.keyboard.press('Control+a')
  await expect(inspector(page)).toContainText('301 blocks')
  expect(await page.locator('.react-flow__node').count()).toBeLessThan(5)
  await page.keyboard.press('Escape')
  await page.keyboard.press('1')
  await expect.poll(() => spot(page, 'b5')).toEqual(b5)
  await page.mouse.click(b5.x, b5.y)
  await page.keyboard.press('ArrowRight')
  await expect(card(page, 'b6')).toBeFocused()
  await expect(page.locator('.afar-picture')).toHaveCount(0)
  await page.keyboard.press('Delete')
  await page.keyboard.press('1')
  await expect(page.locator('.afar-picture')).toBeAttached()
  expect(await colours(page, await spot(page, 'b6'))).toBe(0)
  await page.keyboard.press('Control+z')
  await expect.poll(async () => colours(page, await spot(page, 'b6'))).toBe(255)
})

test('is painted right after every way of looking, and axe finds nothing', async ({ page, studio }) => {
  test.slow()
  await fromAfar(page, studio)
  const painted = async () => {
    for (const id of ['b0', 'b9', 'b90']) expect(await colours(page, await spot(page, id)), id).toBe(255)
  }
  await painted()
  const b40 = await spot(page, 'b40')
  await page.mouse.move(b40.x, b40.y)
  await page.keyboard.down('Control')
  for (let i = 0; i < 10; i++) await page.mouse.wheel(0, i % 2 ? -60 : 40)
  await page.keyboard.up('Control')
  await expect.poll(async () => (await colours(page, await spot(page, 'b9'))) && (await colours(page, await spot(page, 'b41')))).toBe(255)
  for (let i = 0; i < 12; i++) await page.mouse.wheel(0, 70)
  await expect.poll(async () => colours(page, await spot(page, 'b41'))).toBe(255)
  await page.keyboard.press('1')
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
    expect(violations.map((v) => v.id)).toEqual([])
    await expect.poll(async () => colours(page, await spot(page, 'b9'))).toBe(255)
    await page.screenshot({ path: test.info().outputPath(`afar-${scheme}.png`) })
  }
})
