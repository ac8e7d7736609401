// What stands on a drawing beside its blocks: notes and frames; a part that
// becomes a flow of its own; pictures of the whole.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { card, drag, expect, middle, saved, test, type Studio } from './studio'

interface Drawn {
  blocks: Record<string, { x: number; y: number }>
  notes?: Record<string, { stage: string; x: number; y: number; text: string }>
  frames?: Record<string, { title: string; blocks: string[] }>
}

function layout(studio: Studio): Drawn {
  return JSON.parse(studio.read('flows/login.layout.json')) as Drawn
}

function piece(page: Page, key: string) {
  return page.locator(`.react-flow__node[data-id="@${key}"]`)
}

test('a note is written, moved, and taken back', async ({ started: page, studio }) => {
  const meaning = studio.flow().blocks
  await card(page, 'sign_in').click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  await expect(page.getByRole('textbox', { name: 'Text of the note' })).toBeFocused()
  await page.keyboard.type('Ask legal before this is changed.')
  await page.keyboard.press('Escape')
  await saved(page)
  expect(Object.values(layout(studio).notes ?? {})).toMatchObject([{ text: 'Ask legal before this is changed.' }])

  const before = layout(studio).notes?.note1?.y ?? 0
  const at = await middle(piece(page, 'note:note1'))
  await drag(page, at, { x: at.x, y: at.y + 80 })
  await saved(page)
  expect(layout(studio).notes?.note1?.y).toBeGreaterThan(before + 40)
  await piece(page, 'note:note1').click()
  await page.keyboard.press('Delete')
  await expect(piece(page, 'note:note1')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(piece(page, 'note:note1')).toBeVisible()
  await saved(page)
  // A note is no part of what runs (rule G1).
  expect(studio.flow().blocks).toEqual(meaning)
})

test('a frame goes with its blocks, and its blocks with it', async ({ started: page, studio }) => {
  await card(page, 'sign_in').click()
  await card(page, 'find_user').click({ modifiers: ['Shift'] })
  await page.keyboard.press('f')
  await expect(page.getByRole('textbox', { name: 'Title of the frame' })).toBeFocused()
  await page.keyboard.type('Who is it?')
  await page.keyboard.press('Enter')
  await saved(page)
  expect(layout(studio).frames?.frame1).toEqual({ title: 'Who is it?', blocks: ['sign_in', 'find_user'] })
  await expect(piece(page, 'frame:frame1')).toContainText('Who is it?')

  const before = layout(studio).blocks
  const head = await middle(piece(page, 'frame:frame1').locator('.frame-head'))
  await drag(page, head, { x: head.x + 64, y: head.y + 32 })
  await saved(page)
  const after = layout(studio).blocks
  for (const id of ['sign_in', 'find_user']) expect(after[id]!.x - before[id]!.x).toBeGreaterThan(20)
  expect(after.sign_in!.y - before.sign_in!.y).toBe(after.find_user!.y - before.find_user!.y)
  expect(after.password).toEqual(before.password)

  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await page.getByRole('menuitem', { name: 'Undo move 2 blocks' }).click()
  await saved(page)
  expect(layout(studio).blocks.sign_in).toEqual(before.sign_in)
})

test('a selection becomes a subflow, in one step that is taken back', async ({ started: page, studio }) => {
  const before = studio.flow().blocks
  await card(page, 'known_device').click()
  await card(page, 'risk').click({ modifiers: ['Shift'] })
  await card(page, 'policy').click({ modifiers: ['Shift'] })
  await page.keyboard.press('Shift+E')
  await page.getByRole('textbox', { name: 'Name of the flow' }).fill('Assess the risk')
  await page.keyboard.press('Enter')
  await expect(card(page, 'assess_the_risk')).toBeVisible()
  await saved(page)
  expect(studio.flow().blocks.password?.next?.ok).toBe('assess_the_risk')
  expect(Object.keys(studio.flow('assess_the_risk').blocks)).toEqual(expect.arrayContaining(['known_device', 'risk', 'policy']))
  // A contract asks in this flow what the risk was: it learns so at once that the risk is elsewhere now.
  await expect(page.getByRole('button', { name: '1 error, 0 warnings' })).toBeVisible()
  await page.keyboard.press('Control+z')
  await saved(page)
  expect(studio.flow().blocks).toEqual(before)
})

test('what cannot become a subflow says why', async ({ page, studio }) => {
  await studio.start()
  await page.goto(studio.url)
  await card(page, 'password').click()
  await page.keyboard.press('Shift+E')
  await page.getByRole('textbox', { name: 'Name of the flow' }).fill('Part')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/is locked: every login flow needs it itself/)).toBeVisible()
  expect(existsSync(join(studio.dir, 'flows/part.json'))).toBe(false)
})

test('the drawing is exported as a picture', async ({ started: page, studio }) => {
  for (const [command, file] of [
    ['Export as a picture (SVG)', 'drawings/login.svg'],
    ['Export as a picture (PNG)', 'drawings/login.png'],
  ] as const) {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Command palette' }).fill(command)
    await page.keyboard.press('Enter')
    await expect.poll(() => existsSync(join(studio.dir, file))).toBe(true)
  }
  expect(studio.read('drawings/login.svg')).toContain('Sign-in page')
})

test('crowded, with notes and frames, in both themes', async ({ started: page }) => {
  await card(page, 'known_device').click()
  await card(page, 'risk').click({ modifiers: ['Shift'] })
  await page.keyboard.press('f')
  await page.keyboard.type('How risky?')
  await page.keyboard.press('Enter')
  await page.keyboard.press('n')
  await page.keyboard.type('The score is looked up once for each sign-in.')
  await page.keyboard.press('Escape')
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await expect(piece(page, 'frame:frame1')).toBeVisible()
    await page.screenshot({ path: test.info().outputPath(`pieces-${scheme}.png`) })
  }
})
