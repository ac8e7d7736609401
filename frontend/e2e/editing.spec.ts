// What a hand does on the canvas, and what becomes of it on disk.
import type { Page } from '@playwright/test'
import { card, drag, expect, inspector, middle, pointOn, saved, test, wire, type Studio } from './studio'

function port(page: Page, block: string, id: string) {
  return card(page, block).locator(`.react-flow__handle[data-handleid="${id}"]`)
}

/** A spot of the canvas without cards: under the drawing, in the first lane. */
async function ground(page: Page): Promise<{ x: number; y: number }> {
  const lowest = await card(page, 'wrong_credentials').boundingBox()
  if (!lowest) throw new Error('not in sight')
  return { x: lowest.x + 150, y: lowest.y + lowest.height + 70 }
}

function next(studio: Studio, block: string): Record<string, string> | undefined {
  return studio.flow().blocks[block]?.next
}

test('a port dragged to a card connects, and the undo takes it back', async ({ started: page, studio }) => {
  await drag(page, await middle(port(page, 'find_user', 'not_found')), await middle(card(page, 'wrong_credentials').locator('.card-title')))
  await saved(page)
  expect(next(studio, 'find_user')?.not_found).toBe('wrong_credentials')
  await page.keyboard.press('Control+z')
  await saved(page)
  expect(next(studio, 'find_user')?.not_found).toBe('password')
  await page.keyboard.press('Control+Shift+z')
  await saved(page)
  expect(next(studio, 'find_user')?.not_found).toBe('wrong_credentials')
})

test('a wire may not lead back to an earlier stage', async ({ started: page, studio }) => {
  await drag(page, await middle(port(page, 'known_device', 'known')), await middle(card(page, 'find_user').locator('.card-title')))
  await expect(page.getByText('A connection cannot lead back to an earlier stage.')).toBeVisible()
  expect(next(studio, 'known_device')?.known).toBe('risk')
})

test('a port dragged into the empty asks what comes there', async ({ started: page, studio }) => {
  await drag(page, await middle(port(page, 'password', 'failed')), await ground(page))
  await page.getByRole('combobox', { name: 'Add a block' }).fill('audit')
  await page.keyboard.press('Enter')
  await expect(card(page, 'log_event')).toBeVisible()
  await saved(page)
  // What hung at the port goes on behind the new block.
  expect(next(studio, 'password')?.failed).toBe('log_event')
  expect(next(studio, 'log_event')).toEqual({ next: 'wrong_credentials' })
})

test('a double click on the ground adds a block there', async ({ started: page, studio }) => {
  const at = await ground(page)
  await page.mouse.dblclick(at.x, at.y)
  await page.getByRole('combobox', { name: 'Add a block' }).fill('log event')
  await page.keyboard.press('Enter')
  await expect(card(page, 'log_event')).toBeVisible()
  await saved(page)
  expect(studio.flow().blocks.log_event).toEqual({ type: 'log_event', stage: 'pre_login' })
})

test('a card dragged into another lane changes its stage', async ({ started: page, studio }) => {
  const from = await middle(card(page, 'wrong_credentials').locator('.card-title'))
  const lane = await middle(card(page, 'too_risky'))
  await drag(page, from, { x: lane.x, y: lane.y + 150 })
  await saved(page)
  expect(studio.flow().blocks.wrong_credentials?.stage).toBe('post_auth')
})

test('a card may not stand where its type does not belong', async ({ started: page, studio }) => {
  await page.keyboard.press('1')
  const from = await middle(card(page, 'signed_in').locator('.card-title'))
  const lane = await middle(card(page, 'wrong_credentials'))
  await drag(page, from, { x: lane.x, y: lane.y + 80 })
  await expect(page.getByText(/Issue session belongs in/)).toBeVisible()
  expect(studio.flow().blocks.signed_in?.stage).toBe('post_login')
})

test('a carried block is let go with Escape', async ({ started: page, studio }) => {
  const before = studio.read('flows/login.json')
  const from = await middle(page.locator('[data-block="password_check"]'))
  const to = await pointOn(page, 'sign_in:submitted')
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(to.x, to.y, { steps: 8 })
  await expect(wire(page, 'sign_in:submitted').locator('.wire.drop')).toBeAttached()
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await expect(page.locator('.carried')).toHaveCount(0)
  await saved(page)
  expect(studio.read('flows/login.json')).toBe(before)
})

test('several blocks are copied, pasted and deleted as one step each', async ({ started: page, studio }) => {
  await card(page, 'known_device').click()
  await card(page, 'risk').click({ modifiers: ['Shift'] })
  await expect(inspector(page).getByRole('heading', { name: '2 blocks' })).toBeVisible()
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+v')
  await expect(card(page, 'known_device_2')).toBeAttached()
  await saved(page)
  expect(next(studio, 'known_device_2')).toEqual({ known: 'risk_2', unknown: 'risk_2' })
  expect(next(studio, 'risk_2')).toBeUndefined()
  await page.keyboard.press('Delete')
  await expect(card(page, 'risk_2')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await saved(page)
  expect(Object.keys(studio.flow().blocks)).toHaveLength(13)
})

test('a problem is shown as one types, and its fix is a step', async ({ started: page, studio }) => {
  await card(page, 'known_device').click()
  await inspector(page).getByRole('combobox', { name: 'unknown leads to' }).selectOption('')
  await expect(card(page, 'known_device').getByRole('img', { name: /1 problem/ })).toBeVisible()
  await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name: /Problems/ }).click()
  const row = page.getByRole('region', { name: 'Problems' }).getByRole('listitem').first()
  await expect(row).toContainText('leads nowhere')
  await card(page, 'sign_in').click()
  await row.getByRole('button').first().click()
  await expect(card(page, 'known_device')).toHaveClass(/selected/)
  await page.keyboard.press('Control+z')
  await expect(card(page, 'known_device').getByRole('img', { name: /problem/ })).toHaveCount(0)
  await saved(page)
  expect(next(studio, 'known_device')?.unknown).toBe('risk')
})

test('a change on disk is taken with a notice while nothing is unsaved', async ({ started: page, studio }) => {
  await expect(card(page, 'sign_in')).toBeVisible()
  studio.write('flows/login.json', studio.read('flows/login.json').replace('"name": "Login"', '"name": "Entry"'))
  await expect(page.getByText('Entry changed on disk and was reloaded.')).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Entry' })).toBeVisible()
})

test('two windows on one project meet, and nothing is lost', async ({ started: page, context, studio }) => {
  const other = await context.newPage()
  await other.goto(studio.url)
  await expect(card(other, 'sign_in')).toBeVisible()
  // The other window has not heard yet: its saves meet a newer revision.
  await other.route('**/api/call/flow.load', (route) => route.abort())
  await page.getByLabel('Name', { exact: true }).fill('Mine')
  await saved(page)
  await other.getByLabel('Name', { exact: true }).fill('Theirs')
  await expect(other.getByText('This flow was changed outside while you were editing it.')).toBeVisible()
  expect(studio.read('flows/login.json')).toContain('"Mine"')
  await other.getByRole('button', { name: 'Keep mine' }).click()
  await saved(other)
  expect(studio.read('flows/login.json')).toContain('"Theirs"')
})

test('edits made while the line is down are written when it is back', async ({ page, context, studio }) => {
  await studio.start()
  await page.goto(studio.url)
  await expect(card(page, 'sign_in')).toBeVisible()
  // The server-sent events end, and nothing goes through.
  await context.setOffline(true)
  await page.getByLabel('Name', { exact: true }).fill('Offline')
  await expect(page.getByText(/Not saved: The studio does not answer/)).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('Back again')
  expect(studio.read('flows/login.json')).toContain('"Login"')
  await context.setOffline(false)
  await saved(page)
  expect(studio.read('flows/login.json')).toContain('"Back again"')
  await expect(page.getByText(/Not saved/)).toHaveCount(0)
})

test('an Action is edited, saved, and its mistake marked', async ({ started: page, studio }) => {
  await page.getByRole('navigation').getByRole('button', { name: 'Actions' }).click()
  await page.locator('.side-entry').first().click()
  const editor = page.getByRole('textbox', { name: /Text of actions\// })
  await editor.press('Control+Home')
  await page.keyboard.type('let broken = (\n')
  await expect(page.locator('.cm-lint-marker-error')).toBeVisible()
  await saved(page)
  const path = (await page.locator('.panel-bar .mono').first().textContent()) ?? ''
  expect(studio.read(path)).toContain('let broken = (')
})
