// The first minute of somebody who has never seen the studio: from the gallery
// to being signed in, to a run that stands before a block. One hint at a time
// says what comes next; none takes anything away, and what was put away stays so.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect, flowPage, Studio, test as base } from './studio'

const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

async function picture(page: Page, name: string): Promise<void> {
  if (out) await page.screenshot({ path: join(out, `${name}.png`) })
}

/** A studio that nobody has used yet, and its gallery. */
const test = base.extend<{ newcomer: { page: Page; studio: Studio } }>({
  newcomer: async ({ page }, use) => {
    const studio = new Studio()
    await studio.start(null)
    await page.goto(studio.url)
    await use({ page, studio })
    studio.end()
  },
})

function hint(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Hint' })
}

/** The hint that is shown; nothing of what it points at is covered. */
async function points(page: Page, title: string): Promise<Locator> {
  await expect(hint(page)).toHaveCount(1)
  await expect(hint(page).getByRole('heading', { name: title })).toBeVisible()
  await expect(page.getByTestId('announcer')).toContainText(title)
  const target = page.locator((await hint(page).getAttribute('data-target')) ?? '').first()
  await expect(async () => {
    const [own, other] = await Promise.all([hint(page).boundingBox(), target.boundingBox()])
    if (!own || !other) throw new Error('not in sight')
    const apart = own.x + own.width <= other.x || other.x + other.width <= own.x || own.y + own.height <= other.y || other.y + other.height <= own.y
    expect(apart, `the hint “${title}” lies over what it points at`).toBe(true)
  }).toPass({ timeout: 3000 })
  return target
}

async function clean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('.hint').withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
  expect(violations.map((v) => `${v.id}: ${v.help}`)).toEqual([])
}

async function signIn(page: Page): Promise<void> {
  await expect(flowPage(page).getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('button', { name: 'Fill in Ada Lovelace' }).click()
  await flowPage(page).getByRole('button', { name: 'Continue' }).click()
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`in ${scheme}`, () => {
    test.use({ colorScheme: scheme })

    test('from the gallery to a breakpoint, led by hints', async ({ newcomer: { page, studio } }) => {
      const run = page.getByRole('toolbar', { name: 'Run' })
      await test.step('a template', async () => {
        await points(page, 'Start with one that works')
        await clean(page)
        await picture(page, `hint-template-${scheme}`)
        await page.getByRole('button', { name: /^Create and run/ }).first().click()
        await page.getByRole('dialog').getByRole('button', { name: 'Create & run' }).click()
      })
      await test.step('signed in', async () => {
        await points(page, 'Sign in as somebody')
        await picture(page, `hint-sign-in-${scheme}`)
        await signIn(page)
        await expect(page.getByTestId('run-state')).toContainText('Succeeded')
      })
      await test.step('a breakpoint', async () => {
        const block = await points(page, 'You are signed in. Now look inside')
        await clean(page)
        await picture(page, `hint-breakpoint-${scheme}`)
        await block.click()
        await page.keyboard.press('F9')
        await expect(block.getByRole('img', { name: 'Breakpoint' })).toBeVisible()
      })
      await test.step('and the run that stops there', async () => {
        const button = await points(page, 'Run it once more')
        await button.click()
        await signIn(page)
        await expect(page.getByTestId('run-state')).toContainText('Paused')
        await points(page, 'It stands before your block')
        await picture(page, `hint-paused-${scheme}`)
        await run.getByRole('button', { name: 'Continue' }).click()
        await expect(page.getByTestId('run-state')).toContainText('Succeeded')
        await expect(hint(page)).toHaveCount(0)
      })
      await test.step('what was learned stays learned', async () => {
        await expect.poll(() => (JSON.parse(studio.person()) as { settings: { hints?: { seen: string[] } } }).settings.hints?.seen.sort()).toEqual(['again', 'breakpoint', 'paused', 'run', 'signIn', 'template'])
        await page.reload()
        await expect(run).toBeVisible()
        await expect(hint(page)).toHaveCount(0)
      })
    })
  })
}

test('hints are reached and put away with the keyboard, for good, and come back when asked for', async ({ newcomer: { page, studio } }) => {
  await points(page, 'Start with one that works')
  // The callout follows in the order of the page, and the keyboard goes back to what it spoke of.
  await hint(page).getByRole('button', { name: 'Got it' }).focus()
  await page.keyboard.press('Escape')
  await expect(hint(page)).toHaveCount(0)
  await expect(page.locator('.template .btn.primary').first()).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click()

  await points(page, 'Run the flow')
  await expect(hint(page)).toContainText('F5 does the same')
  await page.locator('.react-flow__node').first().focus()
  for (let turn = 0; turn < 8 && !(await hint(page).evaluate((own) => own.contains(document.activeElement))); turn++) await page.keyboard.press('Alt+F6')
  await expect(hint(page).getByRole('button', { name: 'Got it' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(hint(page)).toHaveCount(0)
  await expect.poll(() => studio.person()).toContain('"off": true')
  await page.reload()
  await expect(page.getByRole('toolbar', { name: 'Run' })).toBeVisible()
  await expect(hint(page)).toHaveCount(0)

  await page.getByRole('menuitem', { name: 'Help' }).click()
  await page.getByRole('menuitem', { name: 'Show hints again' }).click()
  await points(page, 'Run the flow')
})
