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
  const step = page.getByRole('complementary', { name: 'The test' }).getByRole('button', { name: 'login.risk next' })
  await step.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'Inspector' }).getByRole('heading', { name: 'Risk evaluate' })).toBeVisible()
  await expect(page.locator('.card.covered').first()).toBeVisible()
  await expect(page.locator('.card.missed').first()).toBeVisible()
  if (out) await page.screenshot({ path: join(out, 'tests-canvas.png') })
})

const changed = `# mine
scenarios:
  - name: expects a stronger session
    given: {person: ada@example.com, from: {network: corporate}}
    steps:
      - start: login
      - {page: sign_in, fill: {identifier: ada@example.com, password: analytical-engine}}
    expect: {session: {aal: aal3}} # strong
`

test('a failing test is debugged, and expects what happened when the person says so', async ({ started: page, studio }) => {
  const parts = page.getByRole('navigation', { name: 'Parts of the project' })
  studio.write('scenarios/changed.yaml', changed)
  await parts.getByRole('button', { name: 'Tests' }).click()
  await page.getByRole('button', { name: 'Run scenarios/changed.yaml' }).click()
  const list = page.getByRole('region', { name: 'Scenarios' })
  await list.getByRole('button', { name: /expects a stronger session/ }).click()
  await expect(page.getByText('session.aal is "aal1", and should be "aal3"')).toBeVisible()

  const aside = page.getByRole('complementary', { name: 'The test' })
  await aside.getByRole('button', { name: 'Debug' }).click()
  await expect(page.getByTestId('run-state')).toContainText('Paused')
  await expect(page.locator('.card.paused .card-id')).toContainText('sign_in')
  if (out) await page.screenshot({ path: join(out, 'tests-debug.png') })
  await page.keyboard.press('F10')
  await expect(page.locator('.card.paused .card-id')).toContainText('find_user')
  await page.keyboard.press('F5')
  await expect(page.getByTestId('run-state')).toContainText('Succeeded')

  await parts.getByRole('button', { name: 'Tests' }).click()
  await list.getByRole('button', { name: /expects a stronger session/ }).click()
  await aside.getByRole('button', { name: 'Update expectation…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Update expectation' })
  await expect(dialog.getByLabel('Lines that change')).toContainText('session: {aal: aal1}} # strong')
  expect(studio.read('scenarios/changed.yaml')).toBe(changed)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (out) await page.screenshot({ path: join(out, `tests-update-${colorScheme}.png`) })
    const found = await new AxeBuilder({ page }).analyze()
    expect(found.violations.map((v) => v.id)).toEqual([])
  }
  await dialog.getByRole('button', { name: 'Update expectation' }).click()
  await expect(list.getByLabel('failed', { exact: true })).toHaveCount(0)
  expect(studio.read('scenarios/changed.yaml')).toBe(changed.replace('aal3', 'aal1'))
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => studio.read('scenarios/changed.yaml')).toBe(changed)
})

test('a tester sets risk signals beside the browser', async ({ started: page }) => {
  await page.keyboard.press('Control+b')
  await page.getByRole('button', { name: /the world of this browser/ }).click()
  const world = page.getByRole('group', { name: 'World of this browser' })
  await world.getByLabel('Risk', { exact: true }).selectOption('tor')
  await expect(world.getByLabel('Tor')).toHaveValue('true')
  await world.getByLabel('Risk', { exact: true }).selectOption('score')
  await expect(world.getByLabel('Score')).toHaveValue('50')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (out) await page.screenshot({ path: join(out, `risk-${colorScheme}.png`) })
  }
  await world.getByLabel('Tor').selectOption('')
  await expect(world.getByLabel('Tor')).toHaveCount(0)
})

const careless = `scenarios:
  - name: comes in, and nobody looks how
    given: {person: ada@example.com, from: {network: corporate}}
    steps:
      - start: login
      - {page: sign_in, fill: {identifier: ada@example.com, password: analytical-engine}}
    expect: {never: [factor_failed]}
`

test('what the tests lack is found: mistakes that none notices, and outcomes that none covers', async ({ started: page, studio }) => {
  test.setTimeout(300_000)
  for (const name of ['account', 'factors', 'login', 'navigation', 'sessions']) studio.remove(`scenarios/${name}.yaml`)
  studio.write('scenarios/careless.yaml', careless)
  await page.getByRole('navigation', { name: 'Parts of the project' }).getByRole('button', { name: 'Tests' }).click()
  const lack = page.getByRole('region', { name: 'What the tests lack' })
  await lack.getByRole('button', { name: 'Find unnoticed mistakes' }).press('Enter')
  await expect(lack.getByRole('status')).toContainText(/\d+ changes tried: \d+ noticed, [1-9]\d* unnoticed/, { timeout: 60_000 })
  await expect(lack).toContainText('the edge of "submitted" is dropped')

  // Cancelled from the keyboard, it leaves nothing behind.
  await page.keyboard.press('Control+K')
  await page.keyboard.type('find missing tests')
  await page.keyboard.press('Enter')
  const cancel = page.getByRole('button', { name: 'Cancel' })
  await expect(page.getByRole('progressbar', { name: 'Progress' })).toBeVisible()
  await expect(page.getByText(/of at most 2000 sign-ins tried/)).toBeVisible()
  if (out) await page.screenshot({ path: join(out, 'tests-working.png') })
  await cancel.press('Enter')
  await expect(page.getByText('Cancelled.')).toBeVisible()
  expect(studio.has('scenarios/generated.yaml')).toBe(false)

  await lack.getByRole('button', { name: 'Find missing tests' }).click()
  await expect(page.getByText(/tests found: scenarios\/generated\.yaml/)).toBeVisible({ timeout: 240_000 })
  const list = page.getByRole('region', { name: 'Scenarios' })
  await expect(list.getByRole('heading', { name: 'scenarios/generated.yaml' })).toBeVisible()
  await expect(list.getByLabel('failed', { exact: true })).toHaveCount(0)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (out) await page.screenshot({ path: join(out, `tests-lack-${colorScheme}.png`) })
    const found = await new AxeBuilder({ page }).analyze()
    expect(found.violations.map((v) => v.id)).toEqual([])
  }
  await lack.getByRole('button', { name: /^login\./ }).first().click()
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toBeVisible()
})
