// Who writes a value and who reads it, painted on the drawing.
import { card, expect, inspector, test } from './studio'

test('a value of a block is shown where it is written and read', async ({ started: page }) => {
  await card(page, 'risk').click()
  await inspector(page).getByRole('button', { name: 'Show where step.risk.recommendation is used' }).click()
  const bar = page.getByRole('group', { name: 'Where a value is used' })
  await expect(bar).toContainText('risk writes it, policy')
  await expect(card(page, 'risk').locator('.card.uses-writes')).toContainText('writes it')
  await expect(card(page, 'policy').locator('.card.uses-reads')).toContainText('reads it')
  await expect(page.getByTestId('announcer')).toContainText('step.risk.recommendation: risk writes it')
  await expect(card(page, 'sign_in').locator('.use-tag')).toHaveCount(0)
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.screenshot({ path: test.info().outputPath(`uses-${scheme}.png`) })
  }
  // It stays true while one edits, and Escape puts it away.
  await card(page, 'policy').click()
  await page.keyboard.press('Delete')
  await expect(bar).not.toContainText('policy')
  await page.keyboard.press('Control+z')
  await expect(card(page, 'policy').locator('.card.uses-reads')).toBeVisible()
  await card(page, 'policy').focus()
  await page.keyboard.press('Escape')
  await expect(bar).toHaveCount(0)
  await expect(page.locator('.use-tag')).toHaveCount(0)
})
