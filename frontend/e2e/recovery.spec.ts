// What happens to work when something goes wrong: the studio is killed, the line
// is cut, somebody else writes. Nothing is lost, and nothing is overwritten
// without a word.
import type { Page } from '@playwright/test'
import { card, expect, saved, test as base } from './studio'

const test = base.extend<{ opened: Page }>({
  /** The studio in a window. What the browser says of cut lines is what is tried here. */
  opened: async ({ page, studio }, use) => {
    await studio.start()
    await page.goto(studio.url)
    await expect(card(page, 'sign_in')).toBeVisible()
    await use(page)
  },
})

const editor = (page: Page) => page.getByRole('textbox', { name: /Text of actions\// })

async function openAction(page: Page): Promise<string> {
  await page.getByRole('navigation').getByRole('button', { name: 'Actions' }).click()
  await page.locator('.side-entry').first().click()
  await expect(editor(page)).toBeVisible()
  return (await page.locator('.panel-bar .mono').first().textContent()) ?? ''
}

test('an edit is there after a crash a moment later', async ({ opened: page, studio }) => {
  await page.getByLabel('Name', { exact: true }).fill('Just before')
  // That it gets there within a second whatever is typed is held by tests/drafts.test.ts, on a clock of its own.
  await expect.poll(() => studio.read('flows/login.json'), { intervals: [10] }).toContain('"Just before"')
  await studio.crash()
  expect(studio.read('flows/login.json')).toContain('"Just before"')
  await expect(page.getByText(/^Not connected/).first()).toBeVisible()
  // What a crash in the middle of a write leaves behind is no part of the project.
  studio.write('flows/.login.json.tmp', '{"half')
  await studio.start()
  await page.goto(studio.url)
  await expect(page.getByRole('tab', { name: 'Just before' })).toBeVisible()
  await expect(page.getByRole('button', { name: '0 errors, 0 warnings' })).toBeVisible()
})

test('what was typed in an editor is there after a crash', async ({ opened: page, studio }) => {
  const path = await openAction(page)
  await editor(page).press('Control+End')
  await page.keyboard.type('\n// one two three four five', { delay: 15 })
  await expect.poll(() => studio.read(path), { intervals: [10] }).toContain('// one two three four five')
  await studio.crash()
  expect(studio.read(path)).toContain('// one two three four five')
  await studio.start()
  await page.goto(studio.url)
  await expect(editor(page)).toContainText('// one two three four five')
})

test('a window outlives its studio, says so, and hands over what waited in it', async ({ opened: page, context, studio }) => {
  const addr = new URL(studio.url).host
  await studio.crash()
  await expect(page.getByRole('status').filter({ hasText: 'Not connected' })).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('Waited')
  await expect(page.getByText(/Not saved: The studio does not answer\. Check that authflow is still running/)).toBeVisible()
  expect(studio.read('flows/login.json')).toContain('"Login"')

  // Started anew, its address is opened in the same browser: the old window is let in as well.
  await studio.start(studio.dir, addr)
  const fresh = await context.newPage()
  await fresh.goto(studio.url)
  await expect(card(fresh, 'sign_in')).toBeVisible()
  await expect(page.getByText('Connected again.')).toBeVisible({ timeout: 15_000 })
  await saved(page)
  expect(studio.read('flows/login.json')).toContain('"Waited"')
  await expect(fresh.getByRole('tab', { name: 'Waited' })).toBeVisible()
})

test('a part of the window that fails says so, keeps the work, and can be reported', async ({ opened: page, studio, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByLabel('Name', { exact: true }).fill('Kept')
  // The program answers what no version of it would.
  await saved(page)
  await page.route('**/api/call/outbox.list', (route) => route.fulfill({ json: { result: [{ id: 'a' }, { id: 'b' }] } }))
  await page.reload()
  await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name: /Outbox/ }).click()
  const failed = page.getByRole('alert').filter({ hasText: 'This panel cannot be shown' })
  await expect(failed).toContainText('Your work is not lost')
  await failed.getByRole('button', { name: 'Copy a report' }).click()
  await expect(page.getByText('The report is on the clipboard')).toBeVisible()
  const report = await page.evaluate(() => navigator.clipboard.readText())
  expect(report).toContain('This panel cannot be shown: TypeError')
  expect(report).toContain('Authflow Studio')
  expect(report).not.toContain('token=')
  // The rest goes on.
  await page.getByLabel('Name', { exact: true }).fill('Kept as well')
  await saved(page)
  expect(studio.read('flows/login.json')).toContain('"Kept as well"')
  await page.unroute('**/api/call/outbox.list')
  await failed.getByRole('button', { name: 'Reload the window' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing was sent' })).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Kept as well' })).toBeVisible()
})

test('an error that nobody caught is said, with a report', async ({ opened: page }) => {
  await page.evaluate(() => void Promise.reject(new Error('by nobody')))
  await expect(page.getByText('Something in this window went wrong.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copy a report' })).toBeVisible()
})

test('an edit in one window appears in the other, where undo still works', async ({ opened: page, context, studio }) => {
  const other = await context.newPage()
  await other.goto(studio.url)
  await expect(card(other, 'sign_in')).toBeVisible()
  await card(page, 'risk').click()
  await page.keyboard.press('Control+Delete')
  await expect(card(other, 'risk')).toHaveCount(0)
  await expect(other.getByText(/changed on disk and was reloaded/)).toBeVisible()
  await other.getByLabel('Name', { exact: true }).fill('From the other')
  await expect(page.getByRole('tab', { name: 'From the other' })).toBeVisible()
  await saved(other)
  await saved(page)
  expect(Object.keys(studio.flow().blocks)).not.toContain('risk')
  // An Action, too.
  const path = await openAction(page)
  await openAction(other)
  await editor(page).press('Control+End')
  await page.keyboard.type('\n// by the first')
  await expect(editor(other)).toContainText('// by the first')
  expect(studio.read(path)).toContain('// by the first')
})

for (const choice of ['Keep mine', 'Take what is on disk'] as const) {
  test(`an Action that changes outside while it is typed in is asked about: ${choice}`, async ({ opened: page, studio }) => {
    const path = await openAction(page)
    // The save is on its way when somebody else writes.
    await page.route('**/api/call/file.save', (route) => route.abort())
    await editor(page).press('Control+End')
    await page.keyboard.type('\n// mine')
    await expect(page.getByText(/Not saved/).first()).toBeVisible()
    studio.write(path, `${studio.read(path)}\n// theirs\n`)
    const banner = page.getByRole('alert').filter({ hasText: 'changed outside' })
    await expect(banner).toBeVisible()
    await page.unroute('**/api/call/file.save')
    expect(studio.read(path)).not.toContain('// mine')
    await banner.getByRole('button', { name: choice }).click()
    await saved(page)
    const [stays, goes] = choice === 'Keep mine' ? ['// mine', '// theirs'] : ['// theirs', '// mine']
    expect(studio.read(path)).toContain(stays)
    expect(studio.read(path)).not.toContain(goes)
    await expect(editor(page)).toContainText(stays)
  })
}
