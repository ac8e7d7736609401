// Keys of one's own: found, pressed to be bound, seen wherever the command is
// named, in conflict with others, and put back.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { card, expect, test } from './studio'

const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

function row(page: Page, title: string): Locator {
  return page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByRole('group', { name: title, exact: true })
}

async function openSheet(page: Page): Promise<void> {
  await page.getByRole('menuitem', { name: 'Help' }).click()
  await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click()
  await expect(page.getByLabel('Find a command')).toBeFocused()
}

async function bind(page: Page, title: string, keys: string): Promise<void> {
  await row(page, title).getByRole('button', { name: `Change the keys of ${title}` }).click()
  await expect(row(page, title)).toContainText('Press the keys')
  await page.keyboard.press(keys)
}

test('a key that is bound anew runs the command and shows wherever the command is named', async ({ started: page }) => {
  const tip = page.getByRole('tooltip')
  await page.getByRole('button', { name: 'Pause before the next block' }).hover()
  await expect(tip).toContainText('F6')
  await openSheet(page)
  await page.getByLabel('Find a command').fill('run this')
  await bind(page, 'Run this flow', 'Alt+r')
  await page.getByLabel('Find a command').fill('inspector')
  await bind(page, 'Show or hide the inspector', 'Alt+q')
  await page.keyboard.press('Escape')

  // The button's tip, the menu, the palette, the texts.
  await page.getByRole('toolbar', { name: 'Run' }).getByRole('button', { name: 'Run' }).hover()
  await expect(tip).toContainText('Alt+R')
  await page.getByRole('menuitem', { name: 'Run' }).click()
  await expect(page.getByRole('menuitem', { name: 'Run this flow' })).toContainText('Alt+R')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command palette' }).fill('run this flow')
  await expect(page.getByRole('option', { name: /Run this flow/ })).toContainText('Alt+R')
  await page.keyboard.press('Escape')
  await expect(page.locator('.key-hints')).toContainText('Alt+R')

  // It runs, also after a restart of the window; the old key does nothing.
  await card(page, 'sign_in').focus()
  await page.keyboard.press('Alt+q')
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toHaveCount(0)
  await page.reload()
  await card(page, 'sign_in').focus()
  await page.keyboard.press('F5')
  await page.keyboard.press('Alt+r')
  await expect(page.getByTestId('run-state')).toContainText('Waiting for the person')
})

test('a conflict is said and settled, and one or all keys are put back', async ({ started: page }) => {
  await openSheet(page)
  await page.getByLabel('Find a command').fill('ctrl+k')
  await expect(page.getByRole('dialog').getByRole('group')).toHaveCount(1)
  await page.getByLabel('Find a command').fill('')
  await bind(page, 'Next problem', 'Control+k')
  await expect(row(page, 'Next problem')).toContainText('Ctrl+K is also: Command palette…')
  await expect(page.getByTestId('announcer')).toHaveText('Next problem: Ctrl+K, also bound to Command palette…')
  await page.getByRole('button', { name: 'Ctrl+K for Next problem alone' }).click()
  await expect(row(page, 'Next problem')).not.toContainText('also')
  await expect(page.getByText('2 commands have keys of your own.')).toBeVisible()

  await page.getByRole('button', { name: 'Reset the keys of Next problem' }).click()
  await expect(row(page, 'Next problem')).toContainText('F8')
  await row(page, 'Previous problem').getByRole('button', { name: 'No keys for Previous problem' }).click()
  await expect(row(page, 'Previous problem').locator('kbd')).toHaveCount(0)
  await page.getByRole('button', { name: 'Reset all' }).click()
  await page.getByRole('button', { name: 'Reset all keys' }).click()
  await expect(row(page, 'Previous problem')).toContainText('Shift+F8')
  await expect(page.getByText('All keys are as they were made.')).toBeVisible()
})

test('nothing is bound by Escape, nor by who goes on with the pointer', async ({ started: page }) => {
  await openSheet(page)
  await bind(page, 'Next problem', 'Escape')
  await expect(row(page, 'Next problem')).toContainText('F8')
  await row(page, 'Next problem').getByRole('button', { name: 'Change the keys of Next problem' }).click()
  await page.getByLabel('Find a command').click()
  await page.keyboard.type('x')
  await expect(page.getByLabel('Find a command')).toHaveValue('x')
  await page.getByLabel('Find a command').fill('next problem')
  await expect(row(page, 'Next problem')).toContainText('F8')
})

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`in ${scheme}`, () => {
    test.use({ colorScheme: scheme })
    test('axe finds nothing in the sheet, with a conflict and while it listens', async ({ started: page }) => {
      await openSheet(page)
      await bind(page, 'Next problem', 'Control+k')
      await row(page, 'Previous problem').getByRole('button', { name: 'Change the keys of Previous problem' }).click()
      const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([])
      if (out) await page.screenshot({ path: join(out, `shortcuts-${scheme}.png`) })
    })
  })
}
