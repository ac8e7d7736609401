// The flow that a block runs, shown inside of it: read, walked, stopped in and
// entered, by keyboard and by pointer; and what cannot be shown says so.
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { find, openStudio, signIn } from './debug-project'
import { card, expect, saved, test, type Studio } from './studio'

interface Expanded {
  blocks: Record<string, { x: number; y: number }>
  expanded?: Record<string, { width: number; height: number; moved?: object }>
}
const layoutOf = (studio: Studio) => JSON.parse(studio.read('flows/login.layout.json')) as Expanded

const inside = (page: Page, block: string, id?: string): Locator => card(page, block).locator(id ? `[data-inside="${id}"]` : '.inside')

/** The starter with its second factor as a flow of its own; that flow runs another one, which runs itself. */
function nested(studio: Studio): void {
  const flow = studio.flow() as unknown as { blocks: Record<string, { type: string; stage: string; config?: object; next?: Record<string, string> }> }
  const before = Object.entries(flow.blocks).find(([, block]) => Object.values(block.next ?? {}).includes('known_device'))!
  for (const [port, to] of Object.entries(before[1].next!)) if (to === 'known_device') before[1].next![port] = 'sub'
  flow.blocks.sub = { type: 'run_flow', stage: 'post_auth', config: { flow: 'outer' }, next: { success: 'known_device', failure: 'known_device', aborted: 'known_device' } }
  studio.write('flows/login.json', JSON.stringify(flow))
  const layout = layoutOf(studio)
  layout.blocks.sub = { ...layout.blocks.known_device! }
  for (const [id, at] of Object.entries(layout.blocks)) if (id !== 'sub' && flow.blocks[id]?.stage === 'post_auth') at.x += 296
  studio.write('flows/login.layout.json', JSON.stringify(layout))
  const sub = { format: 1, trigger: 'custom', enabled: true, subflow_only: true }
  studio.write(
    'flows/outer.json',
    JSON.stringify({
      ...sub,
      name: 'Outer check',
      stages: ['look', 'end'],
      start: 'decide',
      blocks: {
        decide: { type: 'decision', stage: 'look', config: { rows: [{ port: 'office', when: "event.request.ip == '10.0.0.1'" }] }, next: { office: 'good', default: 'again' } },
        again: { type: 'run_flow', stage: 'look', config: { flow: 'outer' }, next: { success: 'good', failure: 'good', aborted: 'good' } },
        good: { type: 'finish', stage: 'end' },
      },
    }),
  )
  studio.write('flows/outer.layout.json', JSON.stringify({ format: 1, blocks: { decide: { x: 56, y: 64 }, again: { x: 352, y: 160 }, good: { x: 56, y: 64 } }, expanded: { again: { width: 600, height: 300 } } }))
}

async function open(page: Page, studio: Studio): Promise<void> {
  nested(studio)
  await studio.start()
  await page.goto(studio.url)
  await page.keyboard.press('1')
  await card(page, 'sub').click()
}

test('by keyboard: shown, walked, stopped in, entered, and closed again as one step each', async ({ page, studio }) => {
  await open(page, studio)
  const before = layoutOf(studio)
  const calm = await card(page, 'known_device').boundingBox()
  await page.keyboard.press('Shift+Enter')
  await expect(inside(page, 'sub', 'decide')).toBeVisible()
  await expect(card(page, 'sub')).toBeFocused()
  await expect(page.getByTestId('announcer')).toContainText('Expanded Outer check: 3 blocks')
  // A flow that runs itself is a closed card in itself.
  await expect(card(page, 'sub').locator('.inside')).toHaveCount(1)
  await saved(page)
  const opened = layoutOf(studio)
  expect(opened.expanded?.sub?.width).toBeGreaterThan(300)
  expect(opened.blocks.sub).toEqual(before.blocks.sub)

  await test.step('nothing lies over it', async () => {
    const boxes = await page.locator('.react-flow__node-block').evaluateAll((nodes) => nodes.map((node) => ({ id: node.getAttribute('data-id'), ...(node.getBoundingClientRect().toJSON() as DOMRect) })))
    const own = boxes.find((box) => box.id === 'sub')!
    const over = boxes.filter((box) => box !== own && box.left < own.right && own.left < box.right && box.top < own.bottom && own.top < box.bottom)
    expect(over.map((box) => box.id)).toEqual([])
  })

  await page.keyboard.press('i')
  await expect(inside(page, 'sub', 'decide')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(inside(page, 'sub', 'again')).toBeFocused()
  await page.keyboard.press('F9')
  await expect(inside(page, 'sub', 'again')).toHaveAccessibleName(/again, Breakpoint/i)
  await expect(card(page, 'sub').locator(':scope > .card > .breakpoint')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(card(page, 'sub')).toBeFocused()

  await page.keyboard.press('i')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('navigation', { name: 'Way into this flow' }).locator('[aria-current]')).toHaveText('Outer check')
  await expect(card(page, 'again')).toBeFocused()
  await expect(card(page, 'again').locator(':scope > .card > .breakpoint')).toBeVisible()
  await page.keyboard.press('Alt+Shift+Enter')

  // It is as it was left, after a reload too; closed, all stand where they stood.
  await page.reload()
  await expect(inside(page, 'sub', 'good')).toBeVisible()
  await card(page, 'sub').locator('.card-title').click()
  await page.keyboard.press('Shift+Enter')
  await expect(inside(page, 'sub')).toHaveCount(0)
  await saved(page)
  expect(layoutOf(studio)).toEqual(before)
  await page.keyboard.press('Control+z')
  await expect(inside(page, 'sub', 'decide')).toBeVisible()
  await saved(page)
  expect(layoutOf(studio)).toEqual(opened)
  expect(calm).not.toBeNull()
})

test('by pointer: the button on the card, a double click inside, the menu inside', async ({ page, studio }) => {
  await open(page, studio)
  await card(page, 'sub').getByRole('button', { name: 'Show the subflow inside' }).click()
  await inside(page, 'sub', 'good').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Set breakpoint' }).click()
  await expect(inside(page, 'sub', 'good').locator('.stop-mark')).toBeVisible()
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
    expect(violations.map((v) => `${v.id} ${v.nodes[0]?.html ?? ''}`)).toEqual([])
    await page.screenshot({ path: test.info().outputPath(`inside-${scheme}.png`) })
  }
  // A tidy leaves it open, and the export draws it closed.
  await page.keyboard.press('Shift+Q')
  await expect(inside(page, 'sub', 'decide')).toBeVisible()
  await inside(page, 'sub', 'decide').dblclick()
  await expect(card(page, 'decide')).toBeFocused()
  await page.keyboard.press('Alt+Shift+Enter')
  await card(page, 'sub').getByRole('button', { name: 'Close the subflow' }).click()
  await expect(inside(page, 'sub')).toHaveCount(0)
  await card(page, 'sub').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Show the subflow inside' }).click()
  await expect(inside(page, 'sub', 'decide')).toBeVisible()
})

test('what is not there says so', async ({ page, studio }) => {
  nested(studio)
  const flow = studio.flow()
  studio.write('flows/login.json', JSON.stringify({ ...flow, blocks: { ...flow.blocks, gone: { type: 'run_flow', stage: 'post_auth', config: { flow: 'nowhere' } } } }))
  await studio.start()
  await page.goto(studio.url)
  await page.keyboard.press('1')
  await card(page, 'gone').click()
  await page.keyboard.press('Shift+Enter')
  await expect(page.getByText('The flow nowhere cannot be shown.')).toBeVisible()
  await expect(page.getByText('There is no such flow in this project.')).toBeVisible()
  await expect(inside(page, 'gone')).toHaveCount(0)
})

test('a run inside is painted where it is, on the card of the flow around', async ({ page, studio }) => {
  await openStudio(page, studio)
  await find(page, 'check')
  await page.keyboard.press('Shift+Enter')
  await expect(inside(page, 'check', 'grade')).toBeVisible()
  await page.keyboard.press('i')
  await expect(inside(page, 'check', 'grade')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(inside(page, 'check', 'checked')).toBeFocused()
  await page.keyboard.press('F9')
  await signIn(page)
  // The run stops in the flow itself, which comes to the front; one goes back to look at all of it.
  await expect(card(page, 'checked')).toBeVisible()
  await page.getByRole('tab', { name: 'Login' }).click()
  await find(page, 'check')
  await expect(inside(page, 'check', 'checked')).toHaveClass(/paused/)
  await expect(inside(page, 'check', 'checked')).toHaveAccessibleName(/the run is paused here/)
  await expect(inside(page, 'check', 'grade')).toHaveClass(/visited/)
  await expect(card(page, 'check').locator('.inside .wire.visited')).toHaveCount(2)
  await page.screenshot({ path: test.info().outputPath('inside-run.png') })
})
