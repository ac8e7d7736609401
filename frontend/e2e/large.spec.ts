// A flow of 500 blocks stays light. Counts are the gates, because a busy machine
// does not move them; times are only printed, for docs/benchmarks.md.
import type { Page } from '@playwright/test'
import { largeFlow } from './large-flow'
import { card, expect, saved, test } from './studio'

const BLOCKS = 500

/** DOM changes and frames while something goes on. */
async function watch(page: Page, work: () => Promise<void>): Promise<{ mutations: number; frames: number; busy: number }> {
  await page.evaluate(() => {
    const w = window as unknown as { told: { mutations: number; frames: number; busy: number; stop(): void } }
    const told = { mutations: 0, frames: 0, busy: 0, stop: () => undefined as void }
    const observer = new MutationObserver((records) => (told.mutations += records.length))
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
    const long = new PerformanceObserver((list) => list.getEntries().forEach((entry) => (told.busy += entry.duration)))
    long.observe({ type: 'longtask' })
    let going = true
    const frame = () => {
      told.frames++
      if (going) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    told.stop = () => {
      going = false
      observer.disconnect()
      long.disconnect()
    }
    w.told = told
  })
  await work()
  return page.evaluate(() => {
    const { told } = window as unknown as { told: { mutations: number; frames: number; busy: number; stop(): void } }
    told.stop()
    return { mutations: told.mutations, frames: told.frames, busy: Math.round(told.busy) }
  })
}

test('a flow of 500 blocks', async ({ page, studio }) => {
  const { flow, layout } = largeFlow(BLOCKS)
  studio.write('flows/large.json', JSON.stringify(flow, null, 2))
  studio.write('flows/large.layout.json', JSON.stringify(layout, null, 2))
  await studio.start()
  await page.goto(studio.url)
  await expect(card(page, 'sign_in')).toBeVisible()

  const began = Date.now()
  await page.getByRole('button', { name: /^Large/ }).click()
  await expect(card(page, 'b0')).toBeVisible()
  console.log(`first render: ${Date.now() - began} ms`)

  await test.step('renders what is in sight, not what there is', async () => {
    const elements = await page.locator('.react-flow').evaluate((canvas) => canvas.querySelectorAll('*').length)
    const cards = await page.locator('.react-flow__node').count()
    console.log(`in the drawing: ${cards} cards, ${elements} elements`)
    expect(cards).toBeLessThan(60)
    expect(elements).toBeLessThan(2500)
  })

  await test.step('pans without rendering', async () => {
    const pane = await page.locator('.react-flow__pane').boundingBox()
    if (!pane) throw new Error('no pane')
    await page.mouse.move(pane.x + pane.width / 2, pane.y + pane.height / 2)
    // To and fro within what is rendered anyway, so that only the pan is counted.
    const told = await watch(page, async () => {
      for (let i = 0; i < 40; i++) await page.mouse.wheel(0, i % 2 ? 2 : -2)
      await page.waitForTimeout(200)
    })
    console.log(`40 pans: ${told.mutations} changes of the DOM in ${told.frames} frames, ${told.busy} ms in long tasks`)
    expect(told.mutations / 40).toBeLessThanOrEqual(7)
  })

  await test.step('drags one card, not all of them', async () => {
    const box = await card(page, 'b0').boundingBox()
    if (!box) throw new Error('no card')
    await page.mouse.move(box.x + 60, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + 70, box.y + 30)
    const told = await watch(page, async () => {
      for (let i = 0; i < 40; i++) await page.mouse.move(box.x + 70 + (i % 10) * 8, box.y + 30 + i * 4)
      await page.waitForTimeout(100)
    })
    await page.mouse.up()
    console.log(`40 moves of a card: ${told.mutations} changes of the DOM in ${told.frames} frames, ${told.busy} ms in long tasks`)
    expect(told.mutations / 40).toBeLessThanOrEqual(16)
    await saved(page)
  })

  await test.step('edits and undoes without delay', async () => {
    const start = Date.now()
    await page.keyboard.press('Control+z')
    await expect.poll(() => page.getByTestId('announcer').textContent()).toContain('Undone')
    console.log(`undo: ${Date.now() - start} ms`)
    await saved(page)
  })

  await test.step('fits everything', async () => {
    await card(page, 'b0').click()
    const start = Date.now()
    await page.keyboard.press('1')
    // The last block is a picture like the rest, and a card when the pointer is there.
    await expect(page.locator('.afar-picture')).toBeAttached()
    console.log(`fit: ${Date.now() - start} ms, ${await page.locator('.react-flow__node').count()} cards`)
    const end = layout.blocks.end!
    const lane = Math.max(...Object.entries(flow.blocks).flatMap(([id, block]) => (block.stage === 'pre_login' ? [layout.blocks[id]!.x] : []))) + 280
    const at = await page.locator('.react-flow__viewport').evaluate(
      (viewport, point) => {
        const { x, y } = new DOMPoint(point.x, point.y).matrixTransform(new DOMMatrix(getComputedStyle(viewport).transform))
        const pane = viewport.closest('.react-flow')!.getBoundingClientRect()
        return { x: pane.x + x, y: pane.y + y }
      },
      { x: 2 * Math.ceil(lane / 8) * 8 + end.x + 100, y: end.y + 20 },
    )
    await page.mouse.move(at.x, at.y)
    await expect(card(page, 'end')).toBeVisible()
  })
})
