// The project's scenarios in the studio: run, fail, cover.
import AxeBuilder from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './studio'

const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

const wrong = `scenarios:
  - name: a promise that does not hold
    given: {person: ada@example.com}
    steps:
      - start: login
      - {page: sign_in, fill: {identifier: ada@example.com, password: analytical-engine}}
    expect: {outcome: refused, never: [risk]}
`

test('tests are run, a failing one says why, coverage is painted', async ({ started: page, studio }) => {
  const parts = page.getByRole('navigation', { name: 'Parts of the project' })
  await parts.getByRole('button', { name: 'Tests' }).click()
  await page.getByRole('button', { name: 'Run all' }).click()
  const list = page.getByRole('region', { name: 'Scenarios' })
  await expect(page.getByRole('heading', { name: /[1-9]\d* passed, 0 failed/ })).toBeVisible()
  await expect(list.getByLabel('failed', { exact: true })).toHaveCount(0)

  studio.write('scenarios/wrong.yaml', wrong)
  await parts.getByRole('button', { name: 'Flows' }).click()
  await parts.getByRole('button', { name: 'Tests' }).click()
  await page.getByRole('button', { name: 'Run scenarios/wrong.yaml' }).click()
  await expect(list.getByLabel('failed', { exact: true })).toHaveCount(1)
  await list.getByRole('button', { name: /a promise that does not hold/ }).click()
  await expect(page.getByText('the outcome is signed_in, and should be refused')).toBeVisible()
  await expect(page.getByText(/risk has run, and should not have/)).toBeVisible()

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (out) await page.screenshot({ path: join(out, `tests-${colorScheme}.png`) })
    const found = await new AxeBuilder({ page }).analyze()
    expect(found.violations.map((v) => v.id)).toEqual([])
  }

  await page.getByText('Paint coverage on the canvas').click()
  await parts.getByRole('button', { name: 'Flows' }).click()
  await expect(page.locator('.card.covered').first()).toBeVisible()
  await expect(page.locator('.card.missed').first()).toBeVisible()
  if (out) await page.screenshot({ path: join(out, 'tests-canvas.png') })
})
