// An edit that met somebody else's, and a program that is killed before the
// person has chosen: both versions are on disk, and the choice is offered again.
import type { Page } from '@playwright/test'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { picture } from './debug-project'
import { card, expect, saved, test as base, type Studio } from './studio'

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
const banner = (page: Page) => page.getByRole('alert').filter({ hasText: 'changed outside' })

/** What is kept beside the project, as text. */
function kept(studio: Studio): string {
  const dir = join(studio.dir, '.authflow/drafts')
  return existsSync(dir) ? readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8')).join('\n') : ''
}

async function restart(page: Page, studio: Studio): Promise<void> {
  await studio.crash()
  await studio.start()
  await page.goto(studio.url)
}

/** Edits the flow while its save is held up, and has somebody else write meanwhile. */
async function meet(page: Page, studio: Studio): Promise<void> {
  await page.route('**/api/call/flow.save', (route) => route.abort())
  await page.getByLabel('Name', { exact: true }).fill('Mine')
  await expect(page.getByText(/Not saved/).first()).toBeVisible()
  studio.write('flows/login.json', studio.read('flows/login.json').replace('"name": "Login"', '"name": "Theirs"'))
  await expect(banner(page)).toBeVisible()
  await page.unroute('**/api/call/flow.save')
}

test('a flow: killed, chosen by the keyboard, both versions there all the time', async ({ opened: page, studio }) => {
  await meet(page, studio)
  await page.getByLabel('Name', { exact: true }).fill('Mine, and more')
  await expect.poll(() => kept(studio)).toContain('"Mine, and more"')
  await restart(page, studio)
  expect(studio.read('flows/login.json')).toContain('"Theirs"')
  expect(kept(studio)).toContain('"Mine, and more"')

  await expect(banner(page)).toBeVisible()
  await expect(page.getByText('What was not written before the studio ended is here again: login.')).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Mine, and more' })).toBeVisible()
  await picture(page, 'undecided')
  // Killed again before it is chosen.
  await restart(page, studio)
  await expect(banner(page)).toBeVisible()
  await banner(page).getByRole('button', { name: 'Reload theirs' }).focus()
  await page.keyboard.press('Tab')
  await expect(banner(page).getByRole('button', { name: 'Keep mine' })).toBeFocused()
  await page.keyboard.press('Enter')
  await saved(page)
  expect(studio.read('flows/login.json')).toContain('"Mine, and more"')
  await expect.poll(() => kept(studio)).toBe('')
  // Undo brings the other back.
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('tab', { name: 'Theirs' })).toBeVisible()
})

test('a flow: theirs is chosen with the pointer, and undo brings mine back', async ({ opened: page, studio }) => {
  await meet(page, studio)
  await expect.poll(() => kept(studio)).toContain('"Mine"')
  await restart(page, studio)
  await banner(page).getByRole('button', { name: 'Reload theirs' }).click()
  await expect(page.getByRole('tab', { name: 'Theirs' })).toBeVisible()
  await expect.poll(() => kept(studio)).toBe('')
  await card(page, 'sign_in').click()
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('tab', { name: 'Mine' })).toBeVisible()
  await saved(page)
  expect(studio.read('flows/login.json')).toContain('"Mine"')
})

for (const choice of ['Keep mine', 'Take what is on disk'] as const) {
  test(`an Action: killed, closed, opened again, chosen: ${choice}`, async ({ opened: page, studio }) => {
    const open = async () => {
      await page.getByRole('navigation').getByRole('button', { name: 'Actions' }).click()
      await page.locator('.side-entry').first().click()
    }
    await open()
    const path = (await page.locator('.panel-bar .mono').first().textContent()) ?? ''
    await page.route('**/api/call/file.save', (route) => route.abort())
    await editor(page).press('Control+End')
    await page.keyboard.type('\n// mine')
    await expect(page.getByText(/Not saved/).first()).toBeVisible()
    studio.write(path, `${studio.read(path)}\n// theirs\n`)
    await expect(banner(page)).toBeVisible()
    await expect.poll(() => kept(studio)).toContain('// mine')
    await page.unroute('**/api/call/file.save')
    await restart(page, studio)
    await expect(banner(page)).toBeVisible()
    await expect(editor(page)).toContainText('// mine')
    // A document that is closed before it is chosen loses nothing either.
    await editor(page).press('Control+End')
    await page.keyboard.type(' to the end')
    await page.getByTitle(/^Close Account kind|^Close account_kind/).click()
    await expect(editor(page)).toHaveCount(0)
    expect(kept(studio)).toContain('// mine to the end')
    await open()
    await expect(editor(page)).toContainText('// mine to the end')
    await banner(page).getByRole('button', { name: choice }).click()
    await saved(page)
    const [stays, goes] = choice === 'Keep mine' ? ['// mine to the end', '// theirs'] : ['// theirs', '// mine']
    await expect.poll(() => studio.read(path)).toContain(stays)
    expect(studio.read(path)).not.toContain(goes)
    await expect.poll(() => kept(studio)).toBe('')
  })
}

test('what is removed while it is edited is put back, or let go', async ({ opened: page, studio }) => {
  const removed = page.getByRole('alert').filter({ hasText: 'removed outside' })
  await page.route('**/api/call/flow.save', (route) => route.abort())
  await page.getByLabel('Name', { exact: true }).fill('Mine')
  await expect(page.getByText(/Not saved/).first()).toBeVisible()
  for (const name of ['login.json', 'login.layout.json']) rmSync(join(studio.dir, 'flows', name))
  await page.unroute('**/api/call/flow.save')
  await expect(removed).toBeVisible()
  await expect.poll(() => kept(studio)).toContain('"Mine"')
  await restart(page, studio)
  await removed.getByRole('button', { name: 'Keep mine' }).click()
  await saved(page)
  expect(studio.read('flows/login.json')).toContain('"Mine"')
  await expect.poll(() => kept(studio)).toBe('')

  await page.route('**/api/call/flow.save', (route) => route.abort())
  await page.getByLabel('Name', { exact: true }).fill('Mine again')
  await expect(page.getByText(/Not saved/).first()).toBeVisible()
  for (const name of ['login.json', 'login.layout.json']) rmSync(join(studio.dir, 'flows', name))
  await page.unroute('**/api/call/flow.save')
  await removed.getByRole('button', { name: 'Let it go' }).click()
  await expect(page.getByRole('tab', { name: 'Mine again' })).toHaveCount(0)
  await expect.poll(() => kept(studio)).toBe('')
  expect(existsSync(join(studio.dir, 'flows/login.json'))).toBe(false)
})
