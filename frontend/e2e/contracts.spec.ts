// The project's contracts in the studio: proven, broken, painted, kept as a test,
// written with the keyboard alone.
import AxeBuilder from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './studio'

const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

test('a contract is written with the keyboard, refuted, painted, and its path kept as a test', async ({ started: page }) => {
  const parts = page.getByRole('navigation', { name: 'Parts of the project' })
  await parts.getByRole('button', { name: 'Contracts' }).click()
  const list = page.getByRole('region', { name: 'Contracts' })
  await expect(list.getByLabel('proved', { exact: true }).first()).toBeVisible()
  await expect(list.getByLabel('refuted', { exact: true })).toHaveCount(0)

  await page.getByRole('button', { name: 'New contract' }).press('Enter')
  const form = page.getByRole('dialog', { name: 'New contract' })
  await expect(form.getByLabel('What it promises')).toBeFocused()
  await page.keyboard.type('Nobody signs in with less than two factors')
  await form.getByLabel('On', { exact: true }).focus()
  await page.keyboard.type('login')
  await page.keyboard.press('Enter')
  await expect(form.getByText('On login: every path to a session has passed a second factor.')).toBeVisible()
  const access = await new AxeBuilder({ page }).analyze()
  expect(access.violations.map((v) => v.id)).toEqual([])
  await form.getByRole('button', { name: 'Add and prove' }).press('Enter')

  await expect(list.getByLabel('refuted', { exact: true })).toHaveCount(1)
  await list.getByRole('button', { name: /less than two factors/ }).click()
  await expect(page.getByRole('heading', { name: 'Refuted' })).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (out) await page.screenshot({ path: join(out, `contracts-${colorScheme}.png`) })
    const found = await new AxeBuilder({ page }).analyze()
    expect(found.violations.map((v) => v.id)).toEqual([])
  }

  await page.getByRole('button', { name: 'Save as a test' }).click()
  await expect(page.getByText('The path has run, and is a test now')).toBeVisible()
  await page.getByRole('switch', { name: 'Paint it on the canvas' }).click()
  await expect(page.locator('.card.breaking').first()).toBeVisible()
  await expect(page.locator('.card.missed').first()).toBeAttached()
  if (out) await page.screenshot({ path: join(out, 'contracts-canvas.png') })

  await parts.getByRole('button', { name: 'Tests' }).click()
  await page.getByRole('button', { name: /Run scenarios\/breaks_nobody/ }).click()
  await expect(page.getByRole('region', { name: 'Scenarios' }).getByLabel('passed', { exact: true })).toHaveCount(1)
})

test('a change that breaks a contract is a problem at once, and leads to the contract', async ({ started: page, studio }) => {
  const login = studio.read('flows/login.json')
  const rail = page.getByRole('navigation', { name: 'Parts of the project' })
  await expect(page.getByRole('button', { name: '0 errors, 0 warnings' })).toBeVisible()
  studio.write('flows/login.json', login.replace('"not_found": "password"', '"not_found": "wrong_credentials"'))
  await page.getByRole('button', { name: '1 error, 1 warning' }).click()
  const problem = page.getByRole('button', { name: /The contract “Nobody learns whether an account exists” is refuted/ })
  await expect(problem).toBeVisible()
  await expect(rail.getByRole('button', { name: /Contracts/ })).toContainText('1')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (out) await page.screenshot({ path: join(out, `contracts-problem-${colorScheme}.png`) })
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze()
    expect(found.violations.map((v) => v.id)).toEqual([])
  }
  await problem.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'The contract' }).getByRole('heading', { name: 'Refuted' })).toBeVisible()

  studio.write('flows/login.json', login)
  await expect(page.getByRole('button', { name: '0 errors, 0 warnings' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Contracts' }).getByLabel('refuted', { exact: true })).toHaveCount(0)
})
