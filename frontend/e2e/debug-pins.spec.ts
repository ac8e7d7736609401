// A block is held to an outcome, run after run; a run begins that stops at a
// chosen block.
import AxeBuilder from '@axe-core/playwright'
import { command, find, openStudio, panel, pausedAt, picture, signIn } from './debug-project'
import { card, expect, flowPage, test } from './studio'

test('what a block did is changed, pinned, switched off and taken out', async ({ page, studio }) => {
  await openStudio(page, studio)
  await signIn(page)
  await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  await find(page, 'risk')
  await command(page, 'Pin the outcome of the selected block…')
  const dialog = page.getByRole('dialog', { name: 'Pin the outcome of risk' })
  const outputs = dialog.getByLabel('Outputs, as JSON')
  await expect(outputs).toHaveValue(/"recommendation": "allow"/)
  await picture(page, 'pin-dialog')
  await outputs.fill((await outputs.inputValue()).replace('"allow"', '"deny"'))
  await dialog.getByRole('button', { name: 'Pin it' }).click()
  const mark = card(page, 'risk').getByRole('img', { name: 'Pinned: next' })
  await expect(mark).toBeVisible()

  await signIn(page)
  await expect(page.getByTestId('run-state')).toContainText('Denied')
  await panel(page, 'Debug')
  const pins = page.getByRole('region', { name: 'Pinned outcomes' })
  await pins.scrollIntoViewIfNeeded()
  await picture(page, 'pinned')
  const found = await new AxeBuilder({ page }).include('.debug-columns').analyze()
  expect(found.violations).toEqual([])

  await test.step('it is there after the studio was closed', async () => {
    await page.reload()
    await expect(mark).toBeVisible()
    if (!(await pins.isVisible())) await panel(page, 'Debug')
  })
  await test.step('off', async () => {
    await pins.getByRole('checkbox', { name: 'Hold risk → next' }).uncheck()
    await expect(card(page, 'risk').getByRole('img', { name: 'Pin switched off: next' })).toBeVisible()
    await signIn(page)
    await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  })
  await test.step('out', async () => {
    await card(page, 'risk').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Take its pin out' }).click()
    await expect(card(page, 'risk').getByRole('img', { name: /Pin/ })).toHaveCount(0)
    await expect(pins).toHaveCount(0)
  })
})

test('a run begins that stops at the selected block', async ({ page, studio }) => {
  await openStudio(page, studio)
  await find(page, 'policy')
  await page.keyboard.press('Control+F10')
  await expect(flowPage(page).getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('button', { name: 'Fill in Ada Lovelace' }).click()
  await flowPage(page).getByRole('button', { name: 'Continue' }).click()
  await pausedAt(page, 'before policy')
})

test('a run is saved as a test from its timeline, which passes and can be read', async ({ page, studio }) => {
  await openStudio(page, studio)
  await signIn(page)
  await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  await panel(page, 'Timeline')
  await page.getByRole('button', { name: 'Save as test…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save as test' })
  await dialog.getByLabel('What it shows').fill('Ada signs in by hand')
  await picture(page, 'save-as-test')
  await page.keyboard.press('Enter')
  const said = page.getByText('The run is a test now: scenarios/ada_signs_in_by_hand.yaml.')
  await expect(said).toBeVisible()
  expect(studio.read('scenarios/ada_signs_in_by_hand.yaml')).not.toContain('analytical-engine')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByRole('textbox', { name: 'Text of scenarios/ada_signs_in_by_hand.yaml' })).toContainText('Ada signs in by hand')
  await page.getByRole('navigation').getByRole('button', { name: 'Tests' }).click()
  await page.getByRole('button', { name: 'Run scenarios/ada_signs_in_by_hand.yaml' }).click()
  await expect(page.getByRole('region', { name: 'scenarios/ada_signs_in_by_hand.yaml' }).getByLabel('passed')).toBeVisible()
})
