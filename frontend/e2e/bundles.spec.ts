// Bundles: what will be in one, what has changed since the last on the canvas, the
// options of an issue, the history, and a file from anywhere.
import AxeBuilder from '@axe-core/playwright'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { card, expect, saved, test } from './studio'

const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

async function looked(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (out) await page.screenshot({ path: join(out, `bundles-${name}-${colorScheme}.png`) })
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze()
    expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]?.target.join(' ')}`)).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

test('bundles are exported one after another, compared and verified', async ({ started: page, studio }) => {
  const settings = JSON.parse(studio.read('authflow.json')) as Record<string, unknown>
  studio.write('authflow.json', JSON.stringify({ ...settings, secrets: [{ name: 'PARTNER_KEY', purpose: 'calls the partner' }] }, null, 2))
  const file = join(studio.home, 'acme.afb')
  const bundles = () => page.getByRole('navigation').getByRole('button', { name: /Bundles/ }).click()

  await bundles()
  const content = page.getByRole('region', { name: 'The bundle' })
  await expect(content).toContainText('This will be the first bundle of the project.')
  await expect(content.getByRole('region', { name: 'Contracts' })).toContainText('proved')
  await expect(content.getByRole('region', { name: 'Secrets the server must supply' })).toContainText('PARTNER_KEY')
  await expect(content.getByRole('region', { name: 'Actions' })).toContainText('account_kind.js')
  await looked(page, 'first')

  await page.getByRole('button', { name: 'Export…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('File').fill(file)
  await dialog.getByLabel('Key that signs it').fill(join(studio.home, 'acme.key'))
  await dialog.getByRole('button', { name: 'New key' }).click()
  await expect(dialog.getByLabel('Revision')).toHaveValue('1')
  await dialog.getByLabel('Expires after days').fill('30')
  await dialog.getByLabel('Environment').fill('staging')
  await looked(page, 'export')
  await dialog.getByRole('button', { name: 'Export and sign' }).click()
  await expect(page.getByRole('heading', { name: 'Bundle written' })).toBeVisible()
  await expect(dialog).toContainText('revision 1, for staging')
  expect(readFileSync(join(studio.home, 'acme.env'), 'utf8')).toContain('AUTHFLOW_SECRET_PARTNER_KEY=')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(content).toContainText('Nothing has changed since acme')

  // A block less: the page says so in words, and the canvas shows it.
  await page.getByRole('navigation').getByRole('button', { name: /Flows/ }).click()
  await card(page, 'known_device').click()
  await page.keyboard.press('Delete')
  await saved(page)
  await bundles()
  const since = content.getByRole('region', { name: 'Since the last bundle' })
  await expect(since).toContainText('the block known_device (device_check) is gone')
  await looked(page, 'since')
  await since.getByRole('button', { name: 'On the canvas' }).first().click()
  await expect(page.locator('.card.ghost')).toBeVisible()
  await expect(page.getByRole('toolbar', { name: 'Comparison' })).toContainText('login beside acme')
  await page.getByRole('button', { name: 'Stop comparing' }).click()

  // A file from anywhere: whole and signed, then with another byte.
  await bundles()
  await content.locator('input[type=file]').setInputFiles(file)
  const look = page.getByRole('dialog', { name: /^Bundle acme/ })
  await expect(look).toContainText('Whole, and its content is sound.')
  await expect(look).toContainText('It was exported here.')
  await look.getByLabel('Public key that must have signed it').fill(join(studio.home, 'acme.key.pub'))
  await look.getByRole('button', { name: 'Judge the signature' }).click()
  await expect(look).toContainText('Signed by the key that was given.')
  await looked(page, 'look')
  await page.keyboard.press('Escape')
  const bad = readFileSync(file)
  bad[bad.length >> 1]! ^= 1
  writeFileSync(join(studio.home, 'bad.afb'), bad)
  await content.locator('input[type=file]').setInputFiles(join(studio.home, 'bad.afb'))
  await expect(page.getByRole('dialog', { name: 'This bundle is refused' })).toContainText('bundle_')
  await page.keyboard.press('Escape')

  // The history stays with the project, and is no part of it.
  await content.getByRole('region', { name: 'Exported before' }).getByRole('button', { name: 'Look at it' }).click()
  await expect(look).toContainText('revision 1')
  expect(existsSync(join(studio.dir, '.authflow', 'exports.json'))).toBe(true)
})
