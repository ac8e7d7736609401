// A tidy moves what stands wrongly, and nothing else.
import type { Page } from '@playwright/test'
import { card, drag, expect, middle, saved, test, type Studio } from './studio'

type Places = Record<string, { x: number; y: number }>

function places(studio: Studio): Places {
  return (JSON.parse(studio.read('flows/login.layout.json')) as { blocks: Places }).blocks
}

function moved(before: Places, after: Places): string[] {
  return Object.keys(after).filter((id) => before[id]?.x !== after[id]!.x || before[id]?.y !== after[id]!.y)
}

async function dropOn(page: Page, id: string, other: string): Promise<void> {
  const [from, to] = [await middle(card(page, id).locator('.card-title')), await middle(card(page, other).locator('.card-title'))]
  await drag(page, from, { x: to.x + 20, y: to.y + 24 })
  await saved(page)
}

test('a tidy moves only what is in the way, in one step', async ({ started: page, studio }) => {
  const before = places(studio)
  await page.getByRole('button', { name: 'Tidy up' }).click()
  await expect(page.getByText('Everything stands well already.')).toBeVisible()
  expect(places(studio)).toEqual(before)

  await dropOn(page, 'wrong_credentials', 'find_user')
  const untidy = places(studio)
  await card(page, 'sign_in').click()
  await page.keyboard.press('Shift+Q')
  await expect(page.getByTestId('announcer')).toContainText('Tidied up: 1 block moved')
  await saved(page)
  expect(moved(untidy, places(studio))).toEqual(['wrong_credentials'])
  await page.keyboard.press('Control+z')
  await saved(page)
  expect(places(studio)).toEqual(untidy)
})

test('the selection alone is tidied', async ({ started: page, studio }) => {
  await dropOn(page, 'wrong_credentials', 'find_user')
  const untidy = places(studio)
  await card(page, 'sign_in').click()
  await page.keyboard.press('q')
  await expect(page.getByText('The selected blocks stand well already.')).toBeVisible()
  await card(page, 'wrong_credentials').click({ position: { x: 150, y: 20 } })
  await card(page, 'sign_in').click({ modifiers: ['Shift'] })
  await page.keyboard.press('q')
  await saved(page)
  expect(moved(untidy, places(studio))).toEqual(['wrong_credentials'])
})
