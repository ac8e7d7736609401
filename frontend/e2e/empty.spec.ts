// A project with nothing in it, and panels before anything has run: each says
// what it is for, how it is filled, and offers one step towards that.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { card, expect, test as base, type Studio } from './studio'

const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

const test = base.extend<{ bare: { page: Page; studio: Studio } }>({
  bare: async ({ page, studio }, use) => {
    for (const part of ['flows', 'actions', 'pages', 'scenarios', 'contracts', 'world.yaml']) rmSync(join(studio.dir, part), { recursive: true, force: true })
    await studio.start()
    await page.goto(studio.url)
    await expect(page.getByRole('navigation')).toBeVisible()
    await use({ page, studio })
  },
})

/** An empty state that teaches: a name, at least a sentence, one button. */
async function teaches(place: Locator, title: string, button: string): Promise<void> {
  const empty = place.locator('.empty').filter({ has: place.page().getByRole('heading', { name: title }) })
  await expect(empty).toBeVisible()
  expect((await empty.locator('p').innerText()).length, title).toBeGreaterThan(40)
  await expect(empty.getByRole('button')).toHaveText([button])
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`in ${scheme}`, () => {
    test.use({ colorScheme: scheme })
    test('every part and panel of an empty project says how to fill it', async ({ bare: { page } }) => {
      const part = (name: string) => page.getByRole('navigation').getByRole('button', { name }).click()
      const main = page.locator('main')
      const parts: [string, Locator, string, string][] = [
        ['Flows', page.locator('aside.side'), 'No flows yet', 'New flow'],
        ['Actions', page.locator('aside.side'), 'No Actions yet', 'New Action'],
        ['Pages', page.locator('aside.side'), 'No pages yet', 'New page'],
        ['Users', main, 'No users', 'Put back as seeded'],
        ['Sessions', main, 'Nobody is signed in', 'Run a sign-in'],
        ['Provider', main, 'Nobody asked yet', 'Run a sign-in'],
        ['Tests', main, 'No test yet', 'Run a sign-in'],
        ['Contracts', main, 'Nothing is promised yet', 'New contract'],
      ]
      for (const [name, place, title, button] of parts) {
        if (name !== 'Flows') await part(name)
        if (name === 'Provider') await main.getByRole('button', { name: 'Requests' }).click()
        await teaches(place, title, button)
        if (out) await page.screenshot({ path: join(out, `empty-${name}-${scheme}.png`) })
      }
      await part('Flows')
      await teaches(main, 'Nothing is open', 'Go to…')
      const panel = page.getByRole('region', { name: 'Panel' })
      const panels: [string, string, string][] = [
        ['Debug', 'Nothing runs', 'Run this flow'],
        ['Timeline', 'No steps yet', 'Run a sign-in'],
        ['Outbox', 'Nothing was sent', 'Run a sign-in'],
        ['HTTP', 'Nothing was called', 'Run a sign-in'],
        ['Tokens', 'No tokens yet', 'Run a sign-in'],
        ['Audit', 'The record is empty', 'Run a sign-in'],
        ['Compare', 'Compare with another version', 'Compare with…'],
        ['Outline', 'No flow is open', 'Go to a flow…'],
      ]
      for (const [name, title, button] of panels) {
        await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name }).click()
        await teaches(panel, title, button)
        if (out) await page.screenshot({ path: join(out, `empty-${name}-${scheme}.png`) })
      }
      await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name: 'Browser' }).click()
      await teaches(page.getByRole('region', { name: 'Browser' }), 'No page yet', 'Run')
    })
  })
}

test('the step that an empty list offers is taken: a first flow, a first block', async ({ bare: { page, studio } }) => {
  await page.locator('aside.side').getByRole('button', { name: 'New flow' }).last().click()
  await page.getByRole('dialog').getByLabel('Name').fill('Login')
  await page.keyboard.press('Enter')
  await teaches(page.locator('main'), 'This flow has no blocks yet', 'Add a block')
  await page.getByRole('button', { name: 'Add a block' }).click()
  await page.getByRole('combobox', { name: 'Add a block' }).fill('page')
  await page.keyboard.press('Enter')
  await expect(card(page, 'page')).toBeVisible()
  await expect.poll(() => studio.flow().blocks.page?.stage).toBe('pre_login')
  // Where a flow begins, and not where the view happens to have its middle.
  expect((JSON.parse(studio.read('flows/login.layout.json')) as { blocks: unknown }).blocks).toEqual({ page: { x: 56, y: 64 } })
})

test('a first block that is asked for by a double click stands where a flow begins, as high as the click', async ({ bare: { page, studio } }) => {
  await page.locator('aside.side').getByRole('button', { name: 'New flow' }).last().click()
  await page.getByRole('dialog').getByLabel('Name').fill('Login')
  await page.keyboard.press('Enter')
  const pane = await page.locator('.react-flow__pane').boundingBox()
  if (!pane) throw new Error('no pane')
  await page.mouse.dblclick(pane.x + pane.width * 0.6, pane.y + pane.height * 0.8)
  await page.getByRole('combobox', { name: 'Add a block' }).fill('issue session')
  await page.keyboard.press('Enter')
  // This one has no place before the person is known: the first stage that takes it.
  await expect.poll(() => Object.values(studio.flow().blocks)[0]?.stage).toBe('post_auth')
  await page.keyboard.press('Control+z')
  await expect.poll(() => Object.keys(studio.flow().blocks)).toHaveLength(0)
  await page.mouse.dblclick(pane.x + pane.width * 0.6, pane.y + pane.height * 0.8)
  await page.getByRole('combobox', { name: 'Add a block' }).fill('page')
  await page.keyboard.press('Enter')
  await expect.poll(() => studio.flow().blocks.page?.stage).toBe('pre_login')
  const at = (JSON.parse(studio.read('flows/login.layout.json')) as { blocks: Record<string, { x: number; y: number }> }).blocks.page!
  expect(at.x).toBe(56)
  expect(at.y).toBeGreaterThan(100)
})

test('a sign-in is run from wherever nothing has happened yet', async ({ started: page }) => {
  await page.getByRole('navigation').getByRole('button', { name: 'Sessions' }).click()
  await page.getByRole('button', { name: 'Run a sign-in' }).click()
  await expect(page.getByTestId('run-state')).toContainText('Waiting for the person')
  await expect(page.getByRole('region', { name: 'Browser' })).toBeVisible()
})
