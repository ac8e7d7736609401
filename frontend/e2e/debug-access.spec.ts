// Everybody can use the debugger: axe finds nothing in its panel, its dialogs and
// its past in either theme; stepping draws only the cards it concerns.
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { find, openStudio, panel, pausedAt, picture, signIn } from './debug-project'
import { card, expect, test } from './studio'

async function clean(page: Page, view: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).exclude('.card.dim').exclude('iframe').withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  expect(violations.map((v) => `${v.id}: ${v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')}: ${n.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join('; ')}`), view).toEqual([])
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`in ${scheme}`, () => {
    test.use({ colorScheme: scheme })

    test('axe finds nothing in the debugger', async ({ page, studio }) => {
      await openStudio(page, studio)
      await find(page, 'check')
      await page.keyboard.press('F9')
      await page.keyboard.press('Shift+F9')
      await expect(page.getByRole('dialog')).toBeVisible()
      await clean(page, 'breakpoint')
      await picture(page, `debug-form-${scheme}`)
      await page.keyboard.press('Escape')
      await signIn(page)
      await pausedAt(page, 'before check')
      const watches = page.getByRole('region', { name: 'Watches' })
      await watches.getByRole('button', { name: 'Watch an expression' }).click()
      await page.getByRole('textbox', { name: 'Expression to watch' }).fill('event.user.email')
      await page.keyboard.press('Enter')
      await page.getByRole('combobox', { name: 'Evaluate' }).fill('event.user.')
      await expect(page.getByRole('listbox', { name: 'Names that fit' })).toBeVisible()
      await clean(page, 'panel')
      await picture(page, `debug-panel-${scheme}`)
      await page.getByRole('combobox', { name: 'Evaluate' }).fill('')
      await page.keyboard.press('F11')
      await pausedAt(page, 'before grade')
      await page.keyboard.press('F11')
      await pausedAt(page, 'at grade.js:2')
      await clean(page, 'Action')
      await picture(page, `debug-action-${scheme}`)
      await panel(page, 'Timeline')
      const steps = page.getByRole('list', { name: 'Steps of the run' })
      await steps.getByRole('button', { name: /^risk/ }).click()
      await steps.getByRole('button', { name: /^password/ }).click({ modifiers: ['Shift'] })
      await expect(page.getByRole('table', { name: 'What differs' })).toBeVisible()
      await clean(page, 'past')
      await picture(page, `debug-past-${scheme}`)
      await page.getByRole('button', { name: 'Go back here…' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await clean(page, 'going back')
    })
  })
}

test('a step touches the cards it concerns and no other', async ({ page, studio }) => {
  await openStudio(page, studio)
  await find(page, 'known_device')
  await page.keyboard.press('F9')
  await signIn(page)
  await pausedAt(page, 'before known_device')
  await expect(card(page, 'known_device').locator('.card')).toHaveClass(/paused/)
  await page.evaluate(() => {
    const w = window as unknown as { touched: Set<string> }
    w.touched = new Set()
    const note = (node: Node) => {
      const id = (node instanceof Element ? node : node.parentElement)?.closest('.react-flow__node')?.getAttribute('data-id')
      if (id) w.touched.add(id)
    }
    new MutationObserver((records) => records.forEach((record) => note(record.target))).observe(document.querySelector('.react-flow__nodes')!, { subtree: true, childList: true, attributes: true, characterData: true })
  })
  await page.keyboard.press('F10')
  await pausedAt(page, 'before risk')
  await expect(card(page, 'risk').locator('.card')).toHaveClass(/paused/)
  const touched = await page.evaluate(() => [...(window as unknown as { touched: Set<string> }).touched].sort())
  expect(touched).toEqual(['known_device', 'risk'])
})
