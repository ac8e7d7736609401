// The panel of problems: grouped and filtered, explained, mended by a key and in the
// palette, suppressed with a reason and reported again.
import AxeBuilder from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type Studio } from './studio'
import type { Page } from '@playwright/test'

const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

/** The login flow with an oracle, two blocks that nothing leads to and an outcome too many. */
function broken(studio: Studio): void {
  const flow = studio.flow()
  const lookup = Object.values(flow.blocks).find((block) => block.type === 'identity_lookup')!
  const deny = Object.keys(flow.blocks).find((id) => flow.blocks[id]!.type === 'deny')!
  lookup.next!.not_found = deny
  const stage = lookup.stage
  flow.blocks.lonely = { type: 'page', stage, config: { template: 'page.html' }, next: { submitted: deny } }
  flow.blocks.astray = { type: 'page', stage, config: { template: 'page.html' }, next: { submitted: deny, maybe: deny } }
  studio.write('flows/login.json', JSON.stringify(flow, null, 2))
}

async function open(page: Page, studio: Studio): Promise<void> {
  broken(studio)
  await studio.start()
  await page.goto(studio.url)
  await expect(page.locator('.card').first()).toBeVisible()
  await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name: /Problems/ }).click()
}

async function palette(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+K')
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
}

test('problems are grouped, explained and mended', async ({ page, studio }) => {
  await open(page, studio)
  const panel = page.getByRole('region', { name: 'Problems', exact: true })
  await expect(panel.getByRole('region', { name: 'Errors' })).toContainText('unknown_port')
  await expect(panel.getByRole('region', { name: 'Warnings' })).toContainText('tells_who_exists')
  await page.getByLabel('Group by').selectOption('code')
  await expect(panel.getByRole('region', { name: 'unreachable' }).getByRole('listitem')).toHaveCount(2)
  await page.getByLabel('Flow', { exact: true }).selectOption('/')
  await expect(panel.getByRole('listitem')).toHaveCount(1) // the contract that these flows break
  const errors = page.getByRole('toolbar', { name: 'Filter problems' }).getByRole('button', { name: /^Errors/ })
  await errors.click()
  await expect(panel).toContainText('Nothing of what is chosen')
  await errors.click()
  await page.getByLabel('Flow', { exact: true }).selectOption('')
  await page.getByLabel('Group by').selectOption('severity')

  await panel.getByRole('button', { name: 'What to do about tells_who_exists' }).click()
  await expect(panel).toContainText('Lead both outcomes of the lookup to the same block.')
  await page.context().route('https://github.com/**', (route) => route.fulfill({ body: 'the page of the check' }))
  const away = page.waitForEvent('popup')
  await panel.getByRole('button', { name: 'A wrong and a right example' }).click()
  await (await away).waitForURL('**/docs/checks/tells_who_exists.md')
  await (await away).close()

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (out) await page.screenshot({ path: join(out, `problems-${colorScheme}.png`) })
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze()
    expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]?.target.join(' ')}`)).toEqual([])
  }

  // The next one is the error; the key mends it, and one undo takes that back.
  await page.keyboard.press('F8')
  await expect(panel.locator('[aria-current=true]')).toContainText('unknown_port')
  await page.keyboard.press('Control+.')
  await expect(panel).not.toContainText('unknown_port')
  await expect.poll(() => studio.flow().blocks.astray?.next?.maybe).toBeUndefined()
  await page.keyboard.press('Control+Z')
  await expect(panel).toContainText('unknown_port')

  // Everything that is safe, as one step.
  await palette(page, 'all safe fixes')
  await expect(page.getByText('No problems', { exact: true })).toBeVisible()
  await expect.poll(() => studio.flow().blocks.lonely).toBeUndefined()
  await page.keyboard.press('Control+Z')
  await expect(panel.getByRole('region', { name: 'Warnings' })).toContainText('tells_who_exists')
  await expect.poll(() => studio.flow().blocks.lonely?.type).toBe('page')
})

test('a finding is suppressed with a reason, and reported again', async ({ page, studio }) => {
  await open(page, studio)
  const panel = page.getByRole('region', { name: 'Problems', exact: true })
  await panel.getByRole('button', { name: 'Suppress tells_who_exists…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Suppress tells_who_exists' })
  await expect(dialog.getByRole('button', { name: 'Suppress' })).toBeDisabled()
  await dialog.getByLabel('Why it is right as it is').fill('Names are public here.')
  if (out) await page.screenshot({ path: join(out, 'problems-suppress.png') })
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze()
  expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]?.target.join(' ')}`)).toEqual([])
  await dialog.getByRole('button', { name: 'Suppress' }).click()

  await expect(panel).not.toContainText('tells_who_exists')
  const settings = () => JSON.parse(studio.read('authflow.json')) as { checks?: { suppress: { code: string; flow: string; reason: string }[] } }
  expect(settings().checks?.suppress).toMatchObject([{ code: 'tells_who_exists', flow: 'login', reason: 'Names are public here.' }])
  await page.getByRole('button', { name: 'Suppressed 1' }).click()
  const letBe = panel.getByRole('region', { name: 'Suppressed' })
  await expect(letBe).toContainText('Suppressed: Names are public here.')
  if (out) await page.screenshot({ path: join(out, 'problems-suppressed.png') })
  await letBe.getByRole('button', { name: 'Report it again' }).click()
  await expect(panel.getByRole('region', { name: 'Warnings' })).toContainText('tells_who_exists')
  expect(settings().checks).toBeUndefined()

  // An error is never suppressed.
  await expect(panel.getByRole('button', { name: 'Suppress unknown_port…' })).toHaveCount(0)
})
