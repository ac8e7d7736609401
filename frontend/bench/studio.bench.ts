// The canvas of the studio beside plain React Flow, with the same blocks.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test as base, type Page } from '@playwright/test'
import { build } from 'vite'
import { largeFlow, type LargeFlow } from '../e2e/large-flow'
import { card, expect, Studio } from '../e2e/studio'
import { Meter, type Figures } from './measure'
import type { Given } from './plain/main'

const sizes = (process.env.SIZES ?? '50 500 2000 5000').split(' ').map(Number)
const out = join(import.meta.dirname, '../../.build/bench-plain')
const ORIGIN = 'http://plain.invalid'

/** Where lanes begin on the studio's canvas, so that both show the same picture. */
const LANE = 40 * 296

function given({ flow, layout }: LargeFlow): Given {
  const stages = ['pre_login', 'post_auth', 'post_login']
  return {
    nodes: Object.entries(flow.blocks).map(([id, block]) => ({ id, x: stages.indexOf(block.stage) * LANE + layout.blocks[id]!.x, y: layout.blocks[id]!.y, label: block.type })),
    edges: Object.entries(flow.blocks).flatMap(([id, block]) => Object.entries(block.next ?? {}).map(([port, to]) => ({ id: `${id}:${port}`, from: id, to }))),
  }
}

/** Undo as Ctrl+Z means it in the page itself. */
const PRESS_UNDO = `document.querySelector('.react-flow').dispatchEvent(new KeyboardEvent('keydown', { key: 'z', code: 'KeyZ', ctrlKey: true, bubbles: true, cancelable: true }))`

async function ours(page: Page, size: number): Promise<Figures & { check: number }> {
  const studio = new Studio()
  studio.make()
  const { flow, layout } = largeFlow(size)
  studio.write('flows/large.json', JSON.stringify(flow))
  studio.write('flows/large.layout.json', JSON.stringify(layout))
  try {
    await studio.start()
    await page.goto(studio.url)
    await expect(card(page, 'sign_in')).toBeVisible()
    const meter = await Meter.on(page)
    await meter.quiet()
    const render = await meter.painted(`[...document.querySelectorAll('.side-entry')].find((e) => e.textContent.startsWith('Large')).click()`, `document.querySelector('.react-flow__node[data-id="b0"]')`)
    await meter.quiet()
    await card(page, 'b0').click()
    await page.keyboard.press('2')
    await page.keyboard.press('0')
    await meter.quiet()
    const memory = await meter.memory()
    const box = await card(page, 'b0').boundingBox()
    const drag = await meter.drag({ x: box!.x + 60, y: box!.y + 20 })
    const pane = await page.locator('.react-flow__pane').boundingBox()
    await page.mouse.move(pane!.x + pane!.width / 2, pane!.y + pane!.height / 2)
    const [pan, zoom] = [await meter.pan(), await meter.zoom()]
    await card(page, 'b0').focus()
    await page.getByLabel('Label', { exact: true }).fill('x')
    const type = await meter.keys('abcdefgh')
    const check = await page.evaluate(() => {
      const all = performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('flow.check')).map((entry) => entry.duration).sort((a, b) => a - b)
      return all[Math.floor(all.length / 2)] ?? NaN
    })
    await card(page, 'b0').focus()
    const undo = await meter.painted(PRESS_UNDO, `!document.querySelector('.react-flow__node[data-id="b0"] .card-title').textContent.includes('h')`)
    await card(page, 'b0').focus()
    await page.keyboard.press('1')
    await page.waitForTimeout(500)
    await page.mouse.move(pane!.x + pane!.width / 2, pane!.y + pane!.height / 2)
    const [far, farZoom] = [await meter.pan(), await meter.zoom()]
    return { render, pan, zoom, far, farZoom, drag, type, undo, check, ...memory }
  } finally {
    studio.end()
  }
}

async function plain(page: Page, size: number): Promise<Figures> {
  await page.route(`${ORIGIN}/**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || 'index.html'
    return route.fulfill({ body: readFileSync(join(out, name)), contentType: name.endsWith('.js') ? 'text/javascript' : name.endsWith('.css') ? 'text/css' : 'text/html' })
  })
  await page.goto(`${ORIGIN}/`)
  const meter = await Meter.on(page)
  await page.waitForFunction('window.show')
  await page.evaluate((all) => Object.assign(window, { all }), given(largeFlow(size)))
  await meter.quiet()
  const render = await meter.painted('show(all)', `document.querySelector('.react-flow__edge') && document.querySelector('.react-flow__node[data-id="b0"]')`)
  await meter.quiet()
  const memory = await meter.memory()
  const node = page.locator('.react-flow__node[data-id="b0"]')
  const box = await node.boundingBox()
  const drag = await meter.drag({ x: box!.x + 60, y: box!.y + 20 })
  await page.mouse.move(500, 450)
  const [pan, zoom] = [await meter.pan(), await meter.zoom()]
  await page.getByLabel('Label').fill('x')
  const type = await meter.keys('abcdefgh')
  const undo = await meter.painted(`document.querySelector('button').click()`, `!document.querySelector('.react-flow__node[data-id="b0"]').textContent.includes('h')`)
  await page.evaluate('fit()')
  await page.mouse.move(500, 450)
  const [far, farZoom] = [await meter.pan(), await meter.zoom()]
  return { render, pan, zoom, far, farZoom, drag, type, undo, ...memory }
}

const rows: [keyof Figures, string][] = [
  ['render', 'first render, ms'],
  ['pan', 'a frame of panning at 100 %, ms of work'],
  ['zoom', 'a frame of zooming, ms of work'],
  ['far', 'a frame of panning, everything in sight, ms of work'],
  ['farZoom', 'a frame of zooming, everything in sight, ms of work'],
  ['drag', 'a frame of dragging one block, ms of work'],
  ['type', 'a key in the label, ms of work'],
  ['undo', 'undo, ms until painted'],
  ['heap', 'JavaScript heap, MB'],
  ['elements', 'elements of the page'],
]

const round = (n: number) => (n >= 100 ? n.toFixed(0) : n.toFixed(1))

base('the canvas beside plain React Flow', async ({ browser }) => {
  await build({ configFile: false, root: join(import.meta.dirname, 'plain'), base: './', logLevel: 'error', build: { outDir: out, emptyOutDir: true } })
  const found: { size: number; ours: Figures & { check: number }; plain: Figures }[] = []
  for (const size of sizes) {
    const pages = [await browser.newPage(), await browser.newPage()] as const
    found.push({ size, ours: await ours(pages[0], size), plain: await plain(pages[1], size) })
    await Promise.all(pages.map((page) => page.close()))
  }
  const lines = [`| what | ${found.map(({ size }) => `${size} blocks`).join(' | ')} |`, `|---|${found.map(() => '---|').join('')}`]
  for (const [key, title] of rows) lines.push(`| ${title} | ${found.map((f) => `${round(f.ours[key])} beside ${round(f.plain[key])}: ${round(f.plain[key] / f.ours[key])}×`).join(' | ')} |`)
  lines.push(`| all problems, asked for after a key, ms | ${found.map((f) => round(f.ours.check)).join(' | ')} |`)
  console.log(`\n${lines.join('\n')}`)
})
