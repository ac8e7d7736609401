// Pasted blocks read what was pasted with them, wherever the text came from.
import type { Page } from '@playwright/test'
import { card, expect, saved, test, type Studio } from './studio'

function condition(studio: Studio, id: string): string {
  const rows = studio.flow().blocks[id]?.config?.rows as { when: string }[]
  return rows[0]!.when
}

/** As if the text had been copied elsewhere. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}

test('references follow a paste and a duplicate, others stay', async ({ started: page, studio }) => {
  const before = condition(studio, 'policy')
  expect(before).toContain('step.risk.')
  await card(page, 'risk').click()
  await card(page, 'policy').click({ modifiers: ['Shift'] })
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+v')
  await expect(card(page, 'policy_2')).toBeAttached()
  await saved(page)
  expect(condition(studio, 'policy_2')).toBe(before.replaceAll('step.risk.', 'step.risk_2.'))
  expect(condition(studio, 'policy')).toBe(before)

  await card(page, 'policy').click({ position: { x: 90, y: 8 } })
  await page.keyboard.press('Control+d')
  await expect(card(page, 'policy_3')).toBeAttached()
  await saved(page)
  expect(condition(studio, 'policy_3')).toBe(before)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await saved(page)
  expect(Object.keys(studio.flow().blocks)).toHaveLength(13)
})

test('blocks are pasted out of a chat, and anything else is refused in words', async ({ page, studio }) => {
  await studio.start()
  await page.goto(studio.url)
  await expect(card(page, 'risk')).toBeVisible()
  const blocks = { authflow: 'blocks', format: 1, blocks: { greet: { type: 'log_event', stage: 'post_auth', config: { type: 'hello' } } }, layout: { greet: { x: 56, y: 700 } } }
  await paste(page, `Try {this}:\n\`\`\`json\n${JSON.stringify(blocks)}\n\`\`\`\nwhat do you think?`)
  await expect(card(page, 'greet')).toBeVisible()
  await saved(page)
  expect(studio.flow().blocks.greet).toEqual({ type: 'log_event', stage: 'post_auth', config: { type: 'hello' } })

  const after = studio.read('flows/login.json')
  await paste(page, 'Dear all, the meeting is at ten.')
  await expect(page.getByText('This cannot be pasted here: the text holds no copied blocks.')).toBeVisible()
  await paste(page, JSON.stringify({ ...blocks, format: 2 }))
  await expect(page.getByText(/copied from a newer Authflow Studio \(format 2; this one reads 1\)/)).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('refused.png') })
  expect(studio.read('flows/login.json')).toBe(after)
})
