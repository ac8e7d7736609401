// Everybody can use it: axe finds nothing in any view of either theme, and the
// keyboard alone builds, connects and runs.
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { card, expect, flowPage, inspector, saved, test, wire } from './studio'

async function clean(page: Page, view: string): Promise<void> {
  // Cards beside the path of a run are dimmed on purpose; they are bright again
  // on hover, on focus, and when the run is left.
  const { violations } = await new AxeBuilder({ page }).exclude('.card.dim').exclude('iframe').withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  const told = violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')}  ${n.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join('\n  ')}`)
  expect(told, view).toEqual([])
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`in ${scheme}`, () => {
    test.use({ colorScheme: scheme })

    test('axe finds nothing', async ({ started: page }) => {
      test.slow()
      await clean(page, 'canvas')
      await card(page, 'policy').click()
      await clean(page, 'inspector of a decision')
      await card(page, 'password').click()
      await page.keyboard.press('F9')
      await clean(page, 'inspector of a locked block, breakpoint')
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('combobox', { name: 'Command palette' })).toBeVisible()
      await clean(page, 'command palette')
      await page.keyboard.press('Escape')
      await page.getByRole('menuitem', { name: 'Run' }).click()
      await clean(page, 'menu')
      await page.keyboard.press('Escape')
      await page.keyboard.press('?')
      await clean(page, 'shortcuts')
      await page.keyboard.press('Escape')
      await card(page, 'sign_in').click()
      await page.keyboard.press('Tab')
      await clean(page, 'quick add')
      await page.keyboard.press('Escape')
      await card(page, 'find_user').click()
      await page.keyboard.press('c')
      await clean(page, 'connect to')
      await page.keyboard.press('Escape')
      await card(page, 'known_device').click()
      await card(page, 'risk').click({ modifiers: ['Shift'] })
      await clean(page, 'several blocks')
      await page.keyboard.press('f')
      await clean(page, 'writing in a frame')
      await page.keyboard.press('Enter')
      await page.keyboard.press('n')
      await page.keyboard.type('A note')
      await page.keyboard.press('Escape')
      await clean(page, 'note')
      await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name: 'Outline' }).click()
      await clean(page, 'outline')
      for (const part of ['Actions', 'Pages', 'Users', 'Sessions', 'Bundles']) {
        await page.getByRole('navigation').getByRole('button', { name: part }).click()
        if (part === 'Actions' || part === 'Pages') {
          await page.locator('.side-entry').first().click()
          await expect(page.locator('.cm-content').first()).toBeVisible() // the editor comes on demand
        }
        await expect(page.locator('.side-title h2, .page-head h1', { hasText: part })).toBeVisible()
        await clean(page, part)
      }
      await page.getByRole('navigation').getByRole('button', { name: 'Flows' }).click()
      await page.getByRole('toolbar', { name: 'Run' }).getByRole('button', { name: 'Run' }).click()
      await expect(flowPage(page).getByRole('heading', { name: 'Sign in' })).toBeVisible()
      await page.getByRole('button', { name: /the world of this browser/ }).click()
      await clean(page, 'browser panel')
      await page.getByRole('button', { name: 'Fill in Ada Lovelace' }).click()
      await flowPage(page).getByRole('button', { name: 'Continue' }).click()
      await expect(page.getByTestId('run-state')).toContainText('Paused')
      await clean(page, 'debug panel')
      for (const panel of ['Timeline', 'Outbox', 'Audit', 'Problems']) {
        await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name: panel }).click()
        await clean(page, panel)
      }
      await page.keyboard.press('F5')
      await expect(page.getByText('Signature verified')).toBeVisible()
      await clean(page, 'tokens')
    })
  })
}

test('the keyboard alone adds, connects, configures and deletes', async ({ started: page, studio }) => {
  // From the top of the page into the canvas, and from block to block.
  await card(page, 'sign_in').focus()
  await page.keyboard.press('ArrowDown')
  await expect(card(page, 'sign_in')).toHaveClass(/selected/)
  await page.keyboard.press('ArrowDown')
  await expect(card(page, 'find_user')).toHaveClass(/selected/)
  await expect(card(page, 'find_user')).toBeFocused()

  // Add a block behind it by name.
  await page.keyboard.press('Tab')
  await page.keyboard.type('audit')
  await page.keyboard.press('Enter')
  await expect(card(page, 'log_event')).toHaveClass(/selected/)
  await expect(wire(page, 'find_user:found')).toBeAttached()
  await saved(page)
  expect(studio.flow().blocks.find_user?.next?.found).toBe('log_event')
  expect(studio.flow().blocks.log_event?.next?.next).toBe('password')

  // Its settings, its outcomes.
  await page.keyboard.press('Enter')
  await expect(inspector(page).getByRole('textbox', { name: 'Type' })).toBeFocused()
  await page.keyboard.type('looked_up')
  await inspector(page).getByRole('combobox', { name: 'error leads to' }).selectOption('wrong_credentials')
  await saved(page)
  expect(studio.flow().blocks.log_event).toMatchObject({ config: { type: 'looked_up' }, next: { next: 'password', error: 'wrong_credentials' } })

  // Rename it: every mention follows.
  const id = inspector(page).getByLabel('Id')
  await id.fill('looked_up')
  await id.press('Enter')
  await expect(card(page, 'looked_up')).toBeVisible()
  await saved(page)
  expect(studio.flow().blocks.find_user?.next?.found).toBe('looked_up')

  // Delete and reconnect, then take it all back, step by step.
  await card(page, 'looked_up').focus()
  await page.keyboard.press('Control+Delete')
  await expect(card(page, 'looked_up')).toHaveCount(0)
  await saved(page)
  expect(studio.flow().blocks.find_user?.next?.found).toBe('password')
  await page.keyboard.press('Control+z')
  await expect(card(page, 'looked_up')).toBeVisible()
  await expect(page.getByTestId('announcer')).toHaveText(/^Undone: delete and reconnect/)
  await page.keyboard.press('Control+z')
  await expect(card(page, 'log_event')).toBeVisible()

  // A locked block stays and says why.
  await card(page, 'find_user').click()
  await page.keyboard.press('Delete')
  await expect(page.getByText('find_user is locked and stays.')).toBeVisible()
  await expect(card(page, 'find_user')).toBeVisible()
})
