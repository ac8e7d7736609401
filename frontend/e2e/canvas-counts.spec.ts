// Counts that load does not move: how often React renders and how much of the
// page changes while a large flow is panned and a block of it dragged, and how
// much of it is there at all.
import type { Page } from '@playwright/test'
import { largeFlow } from './large-flow'
import { card, expect, saved, test } from './studio'

interface Told {
  commits: number
  mutations: number
  what: Record<string, number>
}

/** Listens where React tells its tools of each commit; it does so in production too. */
async function listenToReact(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const w = window as unknown as { commits: number; __REACT_DEVTOOLS_GLOBAL_HOOK__: object }
    w.commits = 0
    w.__REACT_DEVTOOLS_GLOBAL_HOOK__ = { supportsFiber: true, renderers: new Map(), inject: () => 1, onCommitFiberRoot: () => w.commits++, onCommitFiberUnmount: () => undefined, onPostCommitFiberRoot: () => undefined, checkDCE: () => undefined }
  })
}

async function counted(page: Page, work: () => Promise<void>): Promise<Told> {
  await page.evaluate(() => {
    const w = window as unknown as { commits: number; told: Told; stopTelling: () => void }
    w.commits = 0
    w.told = { commits: 0, mutations: 0, what: {} }
    const observer = new MutationObserver((records) => {
      for (const record of records) {
        w.told.mutations++
        const element = record.target instanceof Element ? record.target : record.target.parentElement
        const name = `${element?.getAttribute('class') ?? element?.tagName ?? ''} ${record.attributeName ?? record.type}`
        w.told.what[name] = (w.told.what[name] ?? 0) + 1
      }
    })
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
    w.stopTelling = () => observer.disconnect()
  })
  await work()
  return page.evaluate(() => {
    const w = window as unknown as { commits: number; told: Told; stopTelling: () => void }
    w.stopTelling()
    return { ...w.told, commits: w.commits }
  })
}

for (const count of [500, 2000, 5000]) {
  test(`${count} blocks`, async ({ page, studio }) => {
    test.slow()
    const { flow, layout } = largeFlow(count)
    studio.write('flows/large.json', JSON.stringify(flow, null, 2))
    studio.write('flows/large.layout.json', JSON.stringify(layout, null, 2))
    await listenToReact(page)
    await studio.start()
    await page.goto(studio.url)
    await expect(card(page, 'sign_in')).toBeVisible()
    await page.getByRole('button', { name: /^Large/ }).click()
    await expect(card(page, 'b0')).toBeVisible()
    await page.waitForTimeout(1500)
    // Zoomed in, as one works.
    await card(page, 'b0').click()
    await page.keyboard.press('2')
    await page.keyboard.press('0')
    await expect(page.getByRole('button', { name: '100 %' })).toBeVisible()
    await page.waitForTimeout(400)

    const elements = await page.locator('.react-flow').evaluate((canvas) => canvas.querySelectorAll('*').length)
    const pane = await page.locator('.react-flow__pane').boundingBox()
    if (!pane) throw new Error('no pane')
    await page.mouse.move(pane.x + pane.width / 2, pane.y + pane.height - 60)
    await page.mouse.wheel(0, 2)
    await page.waitForTimeout(400)
    // To and fro within what is rendered anyway, one turn a frame.
    const frames = 40
    const pan = await counted(page, async () => {
      for (let i = 0; i < frames; i++) {
        await page.mouse.wheel(0, i % 2 ? 2 : -2)
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
      }
    })

    const box = await card(page, 'b0').boundingBox()
    if (!box) throw new Error('no card')
    await page.mouse.move(box.x + 60, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + 70, box.y + 30)
    await page.mouse.move(box.x + 74, box.y + 34)
    const drag = await counted(page, async () => {
      for (let i = 0; i < frames; i++) {
        await page.mouse.move(box.x + 76 + (i % 10) * 8, box.y + 36 + i * 3)
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
      }
    })
    await page.mouse.up()
    await saved(page)

    // From afar all of it is in sight, and none of it is an element but what is selected.
    await page.keyboard.press('1')
    await expect(page.locator('.afar-picture')).toBeAttached()
    await page.mouse.move(pane.x + pane.width / 2, pane.y + pane.height - 60)
    await page.waitForTimeout(600)
    const afar = await page.locator('.react-flow').evaluate((canvas) => canvas.querySelectorAll('*').length)
    expect(afar).toBeLessThanOrEqual(60)
    // What the last edit asked for, such as its problems, may still come in between; a pan that renders always does.
    await expect(async () => {
      const farPan = await counted(page, async () => {
        for (let i = 0; i < frames; i++) {
          await page.mouse.wheel(0, i % 8 < 4 ? -20 : 20)
          await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
        }
      })
      console.log(`${count} from afar: ${afar} elements; a pan frame ${farPan.commits / frames} renders, ${farPan.mutations / frames} changes ${JSON.stringify(farPan.what)}`)
      expect(farPan.commits).toBe(0)
      expect(farPan.mutations / frames).toBeLessThanOrEqual(4)
    }).toPass()
    console.log(`${count}: ${elements} elements; a pan frame ${pan.commits / frames} renders, ${pan.mutations / frames} changes ${JSON.stringify(pan.what)}; a drag frame ${drag.commits / frames} renders, ${drag.mutations / frames} changes`)
    expect(elements).toBeLessThanOrEqual(1000)
    expect(pan.commits).toBe(0)
    expect(pan.mutations / frames).toBeLessThanOrEqual(4)
    expect(drag.commits / frames).toBeLessThanOrEqual(2)
  })
}
