// The provider's page: a tester orders a fault and sees it, decides who signs in
// next, rotates keys; all by the keyboard too, and clean for axe in both themes.
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, flowPage, test } from './studio'

async function open(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Provider' }).click()
  await expect(page.getByRole('heading', { name: 'Provider', level: 1 })).toBeVisible()
}

const part = (page: Page, name: string) => page.getByRole('toolbar', { name: 'Parts of the provider' }).getByRole('button', { name })

async function issuerOf(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const res = await fetch('/api/call/harness.get', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    const answer = (await res.json()) as { issuer?: string; result?: { issuer: string } }
    return answer.issuer ?? answer.result?.issuer ?? ''
  })
}

test('a fault is ordered, strikes, and is cleared', async ({ started: page, request }) => {
  await open(page)
  await expect(page.getByText('Every endpoint does its work')).toBeVisible()
  const form = page.getByRole('form', { name: 'Order a fault' })
  await form.getByLabel('Endpoint').selectOption('token')
  await form.getByLabel('Instead of its work').selectOption('Answer a status')
  await form.getByLabel('Status').fill('503')
  await form.getByLabel(/Times/).fill('2')
  await form.getByRole('button', { name: 'Order fault' }).press('Enter')
  const row = page.getByRole('table', { name: 'Ordered faults' }).getByRole('row', { name: /token/ })
  await expect(row).toContainText('status 503')
  await expect(row).toContainText('2 more')

  const issuer = await issuerOf(page)
  expect((await request.post(`${issuer}/oauth2/token`)).status()).toBe(503)
  await expect(row).toContainText('1 more')
  await part(page, 'Requests').click()
  await page.getByRole('table', { name: 'Recorded requests' }).getByRole('button', { name: 'POST token' }).first().click()
  await expect(page.getByRole('complementary', { name: 'The request' })).toContainText('answered 503 (fault)')
  await part(page, 'Faults').click()
  await page.getByRole('button', { name: 'Clear the fault of token' }).click()
  await expect(page.getByText('Every endpoint does its work')).toBeVisible()
  expect((await request.post(`${issuer}/oauth2/token`)).status()).toBe(400)
})

test('a person is queued and signs in with no page', async ({ started: page }) => {
  await open(page)
  await part(page, 'Next sign-in').click()
  const form = page.getByRole('form', { name: 'Queue the next user' })
  await form.getByLabel('Person').fill('grace@acme.example')
  await form.getByLabel('Assurance').selectOption('aal2')
  await form.getByRole('button', { name: 'Queue person' }).click()
  await expect(page.getByRole('table', { name: 'Queued people' })).toContainText('grace@acme.example')

  await page.getByRole('navigation').getByRole('button', { name: 'Flows' }).click()
  await page.getByRole('toolbar', { name: 'Run' }).getByRole('button', { name: 'Run' }).click()
  await expect(flowPage(page).getByText('usr_grace').first()).toBeVisible()
  await page.getByRole('navigation').getByRole('button', { name: 'Sessions' }).click()
  const session = page.getByRole('table', { name: 'Sessions' }).getByRole('row', { name: /Grace Hopper/ })
  await expect(session).toContainText('aal2')
  await expect(session).toContainText('persona')
})

// A refusal is an answer that the browser's console calls an error.
test('whoever is not there is named with those who might be meant', async ({ page, studio }) => {
  await studio.start()
  await page.goto(studio.url)
  await open(page)
  await part(page, 'Next sign-in').click()
  const form = page.getByRole('form', { name: 'Queue the next user' })
  await form.getByLabel('Person').fill('grase@acme.example')
  await form.getByRole('button', { name: 'Queue person' }).click()
  await expect(page.getByText(/nearest: grace@acme.example/).first()).toBeVisible()
})

test('people are picked in place of signing in', async ({ started: page }) => {
  await open(page)
  await page.getByRole('switch', { name: 'Pick people instead of signing in' }).press('Space')
  await expect(page.getByRole('switch', { name: 'Pick people instead of signing in' })).toBeChecked()
  await page.getByRole('navigation').getByRole('button', { name: 'Flows' }).click()
  await page.getByRole('toolbar', { name: 'Run' }).getByRole('button', { name: 'Run' }).click()
  await expect(flowPage(page).getByRole('heading', { name: 'Sign in as…' })).toBeVisible()
  await flowPage(page).getByLabel('Two factors (aal2)').check()
  await flowPage(page).getByRole('button', { name: /Alan Turing/ }).click()
  await expect(flowPage(page).getByText('usr_alan').first()).toBeVisible()
})

test('keys are rotated, by the command palette too', async ({ started: page }) => {
  await open(page)
  await part(page, 'Keys').click()
  const keys = page.getByRole('table', { name: 'Signing keys' }).locator('tbody tr')
  await expect(keys).toHaveCount(2)
  await page.getByRole('button', { name: 'Rotate now' }).click()
  await expect(keys).toHaveCount(3)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command palette' }).fill('rotate the signing')
  await page.keyboard.press('Enter')
  await expect(keys).toHaveCount(4)
})

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`in ${scheme}`, () => {
    test.use({ colorScheme: scheme })

    test('axe finds nothing', async ({ started: page, request }) => {
      test.slow()
      await open(page)
      await request.get(`${await issuerOf(page)}/oauth2/jwks`)
      for (const name of ['Faults', 'Requests', 'Next sign-in', 'Keys', 'Logouts']) {
        await part(page, name).click()
        await page.waitForTimeout(200)
        const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
        expect(violations.map((v) => `${name}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([])
      }
    })
  })
}
