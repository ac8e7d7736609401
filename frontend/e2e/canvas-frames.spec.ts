// A part of the drawing put away into one card, and taken out again.
import { card, expect, saved, test, wire, type Studio } from './studio'

function frames(studio: Studio): Record<string, { title: string; blocks: string[]; collapsed?: boolean }> | undefined {
  return (JSON.parse(studio.read('flows/login.layout.json')) as { frames?: never }).frames
}

test('a selection collapses and expands by keyboard, and the undo takes it back', async ({ started: page, studio }) => {
  const meaning = studio.flow().blocks
  await card(page, 'known_device').click()
  await card(page, 'risk').click({ modifiers: ['Shift'] })
  await card(page, 'policy').click({ modifiers: ['Shift'] })
  await page.keyboard.press('Shift+F')
  const group = card(page, '@frame:frame1')
  await expect(group).toContainText('3 blocks · 1 way in · 3 ways out')
  await expect(group).toBeFocused()
  await expect(page.getByTestId('announcer')).toContainText('Collapsed Frame: 3 blocks')
  await expect(card(page, 'risk')).toHaveCount(0)
  await expect(wire(page, 'password:ok')).toBeAttached()
  await expect(wire(page, 'policy:refuse')).toBeAttached()
  await expect(wire(page, 'risk:next')).toHaveCount(0)
  await saved(page)
  expect(frames(studio)?.frame1).toEqual({ title: 'Frame', blocks: ['known_device', 'risk', 'policy'], collapsed: true })
  expect(studio.flow().blocks).toEqual(meaning)

  await page.keyboard.press('F2')
  await expect(page.getByRole('textbox', { name: 'Title of the frame' })).toBeFocused()
  await page.keyboard.type('How risky?')
  await page.keyboard.press('Enter')
  await expect(group).toContainText('How risky?')
  await group.focus()

  // The arrows go to it as to a block; Enter expands.
  await page.keyboard.press('ArrowLeft')
  await expect(group).not.toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(group).toBeFocused()
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.screenshot({ path: test.info().outputPath(`collapsed-${scheme}.png`) })
  }
  await page.keyboard.press('Enter')
  await expect(card(page, 'known_device')).toBeFocused()
  await expect(group.locator('.card')).toHaveCount(0)
  await saved(page)
  expect(frames(studio)?.frame1?.collapsed).toBeUndefined()
  await page.keyboard.press('Control+z')
  await expect(group).toBeVisible()
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(card(page, 'risk')).toBeVisible()
  await saved(page)
  expect(frames(studio)).toBeUndefined()
})

test('a collapsed frame expands by a double click, and is where its blocks are looked for', async ({ started: page, studio }) => {
  await card(page, 'find_user').click()
  await card(page, 'password').click({ modifiers: ['Shift'] })
  await page.keyboard.press('Shift+F')
  const group = card(page, '@frame:frame1')
  await expect(group).toBeVisible()
  await page.keyboard.press('F9')
  await expect(group.getByRole('img', { name: '2 breakpoints inside' })).toBeVisible()
  // Moved as a whole.
  const before = (JSON.parse(studio.read('flows/login.layout.json')) as { blocks: Record<string, { x: number }> }).blocks
  await page.keyboard.press('Alt+ArrowRight')
  await saved(page)
  const after = (JSON.parse(studio.read('flows/login.layout.json')) as { blocks: Record<string, { x: number }> }).blocks
  for (const id of ['find_user', 'password']) expect(after[id]!.x).toBe(before[id]!.x + 8)
  await group.dblclick({ position: { x: 100, y: 12 } })
  await expect(card(page, 'find_user')).toBeVisible()
  await expect(group.locator('.group')).toHaveCount(0)
})
