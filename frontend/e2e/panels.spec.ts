// The window is divided as one likes, by the pointer and by the keyboard, and is
// found again like that when the studio is started anew, at another address.
import type { Locator, Page } from '@playwright/test'
import { card, drag, expect, inspector, middle, test, type Studio } from './studio'

const splitter = (page: Page, name: string): Locator => page.getByRole('separator', { name: `Resize ${name}` })

async function width(locator: Locator): Promise<number> {
  return (await locator.boundingBox())?.width ?? 0
}

async function height(locator: Locator): Promise<number> {
  return (await locator.boundingBox())?.height ?? 0
}

/** The documents of the project that are kept to be opened again. */
function kept(studio: Studio): unknown {
  return (JSON.parse(studio.person()) as { settings: { tabs?: Record<string, unknown> } }).settings.tabs?.[studio.dir]
}

test('borders are moved by the pointer and put back', async ({ started: page }) => {
  const side = page.getByRole('complementary', { name: 'Explorer' })
  const at = await middle(splitter(page, 'explorer'))
  await drag(page, at, { x: at.x + 60, y: at.y })
  await expect.poll(() => width(side)).toBe(292)
  // Not further than is good for the rest of the window.
  await drag(page, { x: at.x + 60, y: at.y }, { x: at.x + 700, y: at.y })
  await expect.poll(() => width(side)).toBe(400)
  await splitter(page, 'explorer').dblclick()
  await expect.poll(() => width(side)).toBe(232)
})

test('borders are moved with the keyboard, and say how wide a part is', async ({ started: page }) => {
  const border = splitter(page, 'inspector')
  await border.focus()
  await expect(border).toHaveAttribute('aria-orientation', 'vertical')
  await expect(border).toHaveAttribute('aria-valuenow', '312')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => width(inspector(page))).toBe(328)
  await page.keyboard.press('Shift+ArrowLeft')
  await expect(border).toHaveAttribute('aria-valuenow', '392')
  await page.keyboard.press('End')
  await expect(border).toHaveAttribute('aria-valuenow', (await border.getAttribute('aria-valuemax')) ?? '')
  await page.keyboard.press('Home')
  await expect(border).toHaveAttribute('aria-valuenow', (await border.getAttribute('aria-valuemin')) ?? '')
  await page.keyboard.press('Enter')
  await expect(border).toHaveAttribute('aria-valuenow', '312')
})

test('the window comes back as it was: sizes, what is hidden, the panel, the documents', async ({ started: page, studio }) => {
  await splitter(page, 'explorer').focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name: 'Outbox' }).click()
  await splitter(page, 'panel').focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Control+i')
  await page.getByRole('region', { name: 'Flows' }).getByRole('button', { name: /Registration/ }).click()
  await page.getByRole('navigation').getByRole('button', { name: 'Actions' }).click()
  await page.locator('.side-entry').first().click()
  await page.getByRole('tab', { name: 'Login' }).click()
  const tabs = await page.getByRole('tab').allInnerTexts()
  const before = await height(page.getByRole('region', { name: 'Panel' }))
  await expect.poll(() => kept(studio)).toMatchObject({ open: ['flow:login', 'flow:registration', expect.stringContaining('file:actions/')], front: 'flow:login' })
  await expect.poll(() => studio.person()).toContain('"panel": "outbox"')

  const old = studio.url
  studio.stop()
  await page.goto('about:blank')
  await studio.start()
  expect(new URL(studio.url).origin).not.toBe(new URL(old).origin)
  await page.goto(studio.url)
  await expect(card(page, 'sign_in')).toBeVisible()
  expect(await width(page.getByRole('complementary', { name: 'Explorer' }))).toBe(248)
  expect(await height(page.getByRole('region', { name: 'Panel' }))).toBe(before)
  await expect(page.getByRole('heading', { name: 'Nothing was sent' })).toBeVisible()
  await expect(inspector(page)).toHaveCount(0)
  await expect(page.getByRole('tab')).toHaveText(tabs)
  await expect(page.getByRole('tab', { name: 'Login' })).toHaveAttribute('aria-selected', 'true')

  // Another project in between, and back: its documents are there again.
  await page.getByRole('button', { name: 'Project acme' }).click()
  await page.getByRole('menuitem', { name: 'All templates and projects' }).click()
  await page.getByRole('button', { name: /acme/ }).click()
  await expect(page.getByRole('tab')).toHaveText(tabs)
})
