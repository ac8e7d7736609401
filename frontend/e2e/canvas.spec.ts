// Choosing and arranging many blocks, by keyboard and by pointer; connecting,
// renaming and walking into subflows without a mouse; keys of one's own.
import type { Page } from '@playwright/test'
import { card, drag, expect, inspector, middle, saved, test, wire, type Studio } from './studio'

function place(studio: Studio, id: string): { x: number; y: number } {
  const layout = JSON.parse(studio.read('flows/login.layout.json')) as { blocks: Record<string, { x: number; y: number }> }
  return layout.blocks[id]!
}

async function run(page: Page, command: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command palette' }).fill(command)
  await page.keyboard.press('Enter')
}

async function chosen(page: Page): Promise<number> {
  return page.locator('.card.selected').count()
}

test('what leads to a block, and what follows it, is selected', async ({ started: page, studio }) => {
  await page.keyboard.press('1')
  await card(page, 'risk').click()
  await page.keyboard.press('Shift+U')
  await expect(card(page, 'sign_in')).toHaveClass(/selected/)
  await expect(card(page, 'known_device')).toHaveClass(/selected/)
  await expect(card(page, 'signed_in')).not.toHaveClass(/selected/)
  await card(page, 'risk').click()
  await page.keyboard.press('Shift+D')
  await expect(card(page, 'signed_in')).toHaveClass(/selected/)
  await expect(card(page, 'sign_in')).not.toHaveClass(/selected/)
  await page.keyboard.press('Control+a')
  expect(await chosen(page)).toBe(Object.keys(studio.flow().blocks).length)
})

test('a box drawn with Shift selects what it touches', async ({ started: page }) => {
  const a = await card(page, 'sign_in').boundingBox()
  const b = await card(page, 'find_user').boundingBox()
  if (!a || !b) throw new Error('not in sight')
  await page.keyboard.down('Shift')
  await drag(page, { x: a.x - 20, y: a.y + 10 }, { x: b.x + 60, y: b.y + 20 })
  await page.keyboard.up('Shift')
  await expect(card(page, 'sign_in')).toHaveClass(/selected/)
  await expect(card(page, 'find_user')).toHaveClass(/selected/)
  expect(await chosen(page)).toBe(2)
})

test('blocks are aligned and distributed, each as one named step', async ({ started: page, studio }) => {
  const before = studio.flow().blocks
  await card(page, 'sign_in').click()
  await card(page, 'find_user').click({ modifiers: ['Shift'] })
  await card(page, 'password').click({ modifiers: ['Shift'] })
  await page.keyboard.press('Alt+ArrowRight')
  await saved(page)
  await card(page, 'sign_in').click()
  await page.keyboard.press('Alt+Shift+ArrowRight')
  await page.keyboard.press('Alt+Shift+ArrowRight')
  await card(page, 'find_user').click({ modifiers: ['Shift'] })
  await card(page, 'password').click({ modifiers: ['Shift'] })
  await page.keyboard.press('Alt+D')
  await saved(page)
  expect(place(studio, 'find_user').x).toBe(place(studio, 'sign_in').x)
  expect(place(studio, 'password').x).toBe(place(studio, 'sign_in').x)
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await expect(page.getByRole('menuitem', { name: 'Undo align 3 blocks right' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+z')
  await saved(page)
  expect(place(studio, 'find_user').x).not.toBe(place(studio, 'sign_in').x)

  // The same from the inspector, with the pointer.
  await inspector(page).getByRole('button', { name: 'Align left' }).click()
  await saved(page)
  expect(place(studio, 'find_user').x).toBe(place(studio, 'sign_in').x)
  await inspector(page).getByRole('button', { name: 'Distribute down' }).click()
  await saved(page)
  const gap = async (upper: string, lower: string) => {
    const [a, b] = [await card(page, upper).boundingBox(), await card(page, lower).boundingBox()]
    return Math.round((b?.y ?? 0) - (a?.y ?? 0) - (a?.height ?? 0))
  }
  expect(Math.abs((await gap('sign_in', 'find_user')) - (await gap('find_user', 'password')))).toBeLessThanOrEqual(2)
  // To line cards up changes no meaning (rule G1).
  expect(studio.flow().blocks).toEqual(before)
})

test('an outcome is connected and cut from the keyboard', async ({ started: page, studio }) => {
  await card(page, 'find_user').click()
  await page.keyboard.press('c')
  await page.getByRole('combobox', { name: 'Which outcome?' }).fill('not found')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: /Connect .* to/ }).fill('wrong_credentials')
  await page.keyboard.press('Enter')
  await saved(page)
  expect(studio.flow().blocks.find_user?.next?.not_found).toBe('wrong_credentials')
  await expect(page.getByTestId('announcer')).toHaveText('find_user, not_found, now leads to wrong_credentials')
  await expect(wire(page, 'find_user:not_found')).toBeAttached()

  await card(page, 'find_user').focus()
  await page.keyboard.press('c')
  await page.keyboard.type('not found')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: /Connect .* to/ }).fill('nowhere')
  await page.keyboard.press('Enter')
  await saved(page)
  expect(studio.flow().blocks.find_user?.next?.not_found).toBeUndefined()
})

test('only blocks that fit are offered as targets', async ({ started: page }) => {
  await card(page, 'known_device').click()
  await page.keyboard.press('c')
  await page.keyboard.press('Enter')
  const list = page.getByRole('listbox', { name: /Connect .* to/ })
  await expect(list.getByRole('option', { name: /too_risky/ })).toBeVisible()
  await expect(list.getByRole('option', { name: /find_user/ })).toHaveCount(0)
})

test('F2 renames the block that is selected', async ({ started: page, studio }) => {
  await card(page, 'sign_in').click()
  await page.keyboard.press('F2')
  await expect(inspector(page).getByRole('textbox', { name: 'Label', exact: true }).last()).toBeFocused()
  await page.keyboard.type('Who are you?')
  await saved(page)
  await expect(card(page, 'sign_in').locator('.card-title')).toHaveText('Who are you?')
  await page.keyboard.press('Escape')
  expect((studio.flow().blocks.sign_in as { label?: string }).label).toBe('Who are you?')
})

test('one walks into a subflow and back', async ({ page, studio }) => {
  const flow = studio.flow() as unknown as { blocks: Record<string, object> }
  studio.write('flows/greet.json', JSON.stringify({ format: 1, name: 'Greet', trigger: 'custom', enabled: true, subflow_only: true, stages: ['main'], start: 'end', blocks: { end: { type: 'finish', stage: 'main' } } }))
  flow.blocks.greet = { type: 'run_flow', stage: 'pre_login', config: { flow: 'greet' } }
  studio.write('flows/login.json', JSON.stringify(flow))
  await studio.start()
  await page.goto(studio.url)
  await page.keyboard.press('1')
  await card(page, 'greet').click()
  await page.keyboard.press('Alt+Enter')
  await expect(card(page, 'end')).toBeVisible()
  const trail = page.getByRole('navigation', { name: 'Way into this flow' })
  await expect(trail).toContainText('Login')
  await expect(trail.locator('[aria-current]')).toHaveText('Greet')
  await run(page, 'Back out of the subflow')
  await expect(card(page, 'greet')).toHaveClass(/selected/)
  await expect(trail).toHaveCount(0)
})

test('keys are bound anew, conflicts are shown, and a reset brings them back', async ({ started: page }) => {
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await sheet.getByRole('textbox', { name: 'Find a command' }).fill('tidy up')
  const row = sheet.getByRole('group', { name: 'Tidy up' })
  await row.getByRole('button', { name: 'Change the keys of Tidy up' }).click()
  await expect(row.getByText('Press the keys, or Esc')).toBeVisible()
  await page.keyboard.press('Shift+D')
  await expect(row).toContainText('also: Select all that follows')
  await row.getByRole('button', { name: 'Change the keys of Tidy up' }).click()
  await page.keyboard.press('Control+Alt+t')
  await expect(row).not.toContainText('also:')
  await sheet.getByRole('button', { name: 'Close' }).click()

  await card(page, 'sign_in').click()
  await page.keyboard.press('Alt+Shift+ArrowDown')
  await page.keyboard.press('Alt+Shift+ArrowDown')
  await page.keyboard.press('Control+Alt+t')
  await expect(page.getByTestId('announcer')).toContainText('Tidied up')

  // It lasts, and is taken back.
  await page.waitForTimeout(500)
  await page.reload()
  await expect(card(page, 'sign_in')).toBeVisible()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await expect(page.getByRole('menuitem', { name: /Tidy up/ })).toContainText('T')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(sheet).toContainText('1 command has keys of your own.')
  await sheet.getByRole('button', { name: 'Reset all' }).click()
  await page.getByRole('button', { name: 'Reset all keys' }).click()
  await expect(sheet).toContainText('All keys are as they were made.')
})

test('a block that was moved by the pointer says how many moved', async ({ started: page }) => {
  await card(page, 'sign_in').click()
  await card(page, 'find_user').click({ modifiers: ['Shift'] })
  const at = await middle(card(page, 'find_user').locator('.card-title'))
  await drag(page, at, { x: at.x + 48, y: at.y + 16 })
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await expect(page.getByRole('menuitem', { name: 'Undo move 2 blocks' })).toBeVisible()
})

test('the outline reads the flow, and has the same commands', async ({ started: page, studio }) => {
  await run(page, 'Show Outline panel')
  const tree = page.getByRole('tree', { name: 'Outline of Login' })
  await expect(tree.getByRole('treeitem', { name: /^Pre-Login/ })).toBeVisible()
  await tree.getByRole('treeitem', { name: /^Identity lookup/ }).click()
  await expect(card(page, 'find_user')).toHaveClass(/selected/)
  // Down to its outcome, and along it to the next block.
  await page.keyboard.press('ArrowDown')
  await expect(tree.getByRole('treeitem', { name: /^found leads to Password check/ })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(tree.getByRole('treeitem', { name: /^Password check/ })).toBeFocused()
  await expect(card(page, 'password')).toHaveClass(/selected/)
  // Left folds, the same key goes up.
  await page.keyboard.press('ArrowLeft')
  await expect(tree.getByRole('treeitem', { name: /^Password check/ })).toHaveAttribute('aria-expanded', 'false')
  await page.keyboard.press('ArrowLeft')
  await expect(tree.getByRole('treeitem', { name: /^Pre-Login/ })).toBeFocused()
  // A command of the drawing, on what is chosen here.
  await tree.getByRole('treeitem', { name: /^Identity lookup/ }).click()
  await page.keyboard.press('c')
  await page.keyboard.type('not found')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: /Connect .* to/ }).fill('wrong_credentials')
  await page.keyboard.press('Enter')
  await expect(tree.getByRole('treeitem', { name: /^not found leads to Deny/ })).toBeVisible()
  await saved(page)
  expect(studio.flow().blocks.find_user?.next?.not_found).toBe('wrong_credentials')
})
