// Actions, the way their author goes: a new one in TypeScript, what its header
// says seen on the canvas and in the inspector, its types, its trials.
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { card, expect, inspector, saved, test } from './studio'

const corporate = `/**
 * Says what kind of account it is.
 *
 * @title Corporate or personal
 * @config {list} [domains=acme.example] - mail domains of the company
 * @config {number} [limit=3] - how often
 * @config {allow|deny} [machines=allow] - what becomes of machines
 * @port outside - not of the company
 * @output {string} kind - corporate or personal
 */
import { domainOf } from './lib/mail'

export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  if (!event.user) return api.deny('no_user', { user_message: 'Who are you?' })
  const mine = api.config.domains.includes(domainOf(event.user.email))
  api.log('info', 'looked', { mine })
  api.state.set('kind', mine ? 'corporate' : 'personal')
  api.accessToken.setCustomClaim('account_kind', mine ? 'corporate' : 'personal')
  if (!mine) api.leave('outside')
}
`

const editor = (page: Page): Locator => page.getByRole('textbox', { name: /Text of actions\// })
const panel = (page: Page): Locator => page.getByRole('complementary', { name: 'Try it' })
const result = (page: Page): Locator => page.getByRole('region', { name: 'Result' })

async function actions(page: Page): Promise<Locator> {
  const list = page.getByRole('region', { name: 'Actions' })
  if (!(await list.isVisible())) await page.getByRole('navigation').getByRole('button', { name: 'Actions' }).click()
  return list
}

async function newAction(page: Page, name: string, language?: 'JavaScript'): Promise<void> {
  await (await actions(page)).getByRole('button', { name: 'New Action' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  if (language) await dialog.getByLabel(language).check()
  await dialog.getByRole('button', { name: 'Create' }).click()
  await expect(page.getByRole('textbox', { name: `Text of actions/${name}` })).toBeVisible()
}

/** Puts a text in the place of what is there, in one change. */
async function replace(page: Page, text: string): Promise<void> {
  await editor(page).click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(text)
  await saved(page)
}

async function corporateAction(page: Page): Promise<void> {
  await newAction(page, 'lib/mail')
  await replace(page, "export const domainOf = (mail: string) => mail.split('@').pop() ?? ''\n")
  await newAction(page, 'corporate')
  await replace(page, corporate)
}

/** Leads the flow's own Action block to another Action. */
async function useIt(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Flows' }).click()
  await page.getByRole('region', { name: 'Flows' }).getByRole('button', { name: /Login/ }).click()
  await page.getByRole('button', { name: 'Fit everything' }).click()
  await card(page, 'account_kind').click()
  await inspector(page).getByLabel('Action', { exact: true }).selectOption('corporate.ts')
  await saved(page)
}

test('the canvas and the inspector follow the header', async ({ started: page, studio }) => {
  await corporateAction(page)
  const list = page.getByRole('region', { name: 'Actions' })
  await expect(list.getByRole('button', { name: /Corporate or personal/ })).toBeVisible()
  await expect(list.getByRole('button', { name: 'lib/mail.ts' })).toBeVisible()
  await useIt(page)

  // The module is no Action to choose.
  const choices = await inspector(page).getByLabel('Action', { exact: true }).locator('option').allTextContents()
  expect(choices).toContain('Corporate or personal (corporate.ts)')
  expect(choices.join()).not.toContain('lib/')
  await expect(inspector(page).getByText('Says what kind of account it is.')).toBeVisible()

  // The port is on the card and can be led somewhere.
  await expect(card(page, 'account_kind')).toContainText('outside')
  await inspector(page).getByLabel('outside leads to').selectOption('signed_in')
  await saved(page)
  expect(studio.flow().blocks.account_kind?.next?.outside).toBe('signed_in')
  await expect(inspector(page).getByText('step.account_kind.kind')).toBeVisible()

  // The form, and what it does not know.
  await expect(inspector(page).getByText('not in the header')).toBeVisible()
  await inspector(page).getByRole('button', { name: 'Remove corporate_domains' }).click()
  await inspector(page).getByLabel('limit', { exact: true }).fill('5')
  await inspector(page).getByLabel('machines', { exact: true }).selectOption('deny')
  await saved(page)
  expect(studio.flow().blocks.account_kind?.config).toEqual({ action: 'corporate.ts', config: { limit: 5, machines: 'deny' } })
  await inspector(page).getByRole('button', { name: 'Fill limit from a value of the flow' }).click()
  await inspector(page).getByLabel('limit', { exact: true }).fill('{{ event.request.asn }}')
  await saved(page)
  expect(studio.flow().blocks.account_kind?.config?.config).toMatchObject({ limit: '{{ event.request.asn }}' })
  await expect(inspector(page).locator('.field-problems .error')).toHaveCount(0)

  // Another header: another card within a second, and a wire that leads from nothing.
  await inspector(page).getByRole('button', { name: 'Open corporate.ts' }).click()
  await replace(page, corporate.replace('@port outside', '@port beyond').replace('[limit=3]', '[count=3]'))
  await page.getByRole('tab', { name: /Login/ }).click()
  await expect(card(page, 'account_kind')).toContainText('beyond', { timeout: 1000 })
  await expect(inspector(page).getByLabel('count', { exact: true })).toBeVisible()
  await expect(inspector(page).locator('.port-name.stale')).toHaveText('outside')
})

test('types: squiggles, completion from the catalogue, notes under the pointer', async ({ started: page }) => {
  await corporateAction(page)
  await expect(page.locator('.cm-lintRange-warning')).toHaveCount(0)
  await replace(page, corporate.replace("api.leave('outside')", "api.leave('nowhere')"))
  const wrong = page.locator('.cm-lintRange-warning')
  await expect(wrong).toHaveText("'nowhere'", { timeout: 20_000 })
  await wrong.hover()
  await expect(page.locator('.cm-tooltip')).toContainText('not assignable to parameter of type')
  await page.mouse.move(0, 0)

  await replace(page, corporate)
  await expect(wrong).toHaveCount(0)
  await page.keyboard.press('Control+End')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('event.request.g')
  const offers = page.locator('.cm-tooltip-autocomplete')
  await expect(offers.getByRole('option', { name: /^geo/ })).toBeVisible()
  await page.keyboard.type('eo.')
  await expect(offers.getByRole('option', { name: /country/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(editor(page)).toContainText('event.request.geo.')
})

test('JavaScript has the types too', async ({ started: page }) => {
  await newAction(page, 'plain', 'JavaScript')
  await expect(page.locator('.panel-bar .mono').first()).toHaveText('actions/plain.js')
  await replace(page, 'export default async function (event, step, api) {\n  api.deny(5)\n}\n')
  await expect(page.locator('.cm-lintRange-warning')).toHaveText('5', { timeout: 20_000 })
})

test('an Action is tried: where it leaves, what it asks for, where it fails', async ({ started: page, studio }) => {
  await corporateAction(page)
  await expect(panel(page).getByText('Not tried yet')).toBeVisible()
  await panel(page).getByLabel('On the event').selectOption('corporate')
  await panel(page).getByRole('button', { name: 'Run' }).click()
  await expect(result(page)).toContainText('Leaves by next')
  await expect(result(page).getByRole('tree', { name: 'Outputs' })).toContainText('"corporate"')
  await expect(result(page).getByRole('tree', { name: 'Claims of the access token' })).toContainText('account_kind')
  await expect(result(page)).toContainText('{"mine":true}')

  await panel(page).getByLabel('On the event').selectOption('us_user')
  await editor(page).press('Control+Enter')
  await expect(result(page)).toContainText('Leaves by outside')
  expect(studio.read('actions/corporate.ts')).toBe(corporate)
  await panel(page).getByLabel('domains 1').fill('example.com')
  await page.keyboard.press('Control+Enter')
  await expect(result(page)).toContainText('Leaves by next')

  await panel(page).getByLabel('On the event').selectOption('machine')
  await page.keyboard.press('Control+Enter')
  await expect(result(page)).toContainText('Denied: no_user')
  await expect(result(page)).toContainText('Who are you?')

  // An event of one's own; one that is no JSON is not run.
  await panel(page).getByRole('button', { name: /Event as JSON/ }).click()
  const event = panel(page).getByLabel('Event as JSON')
  await event.fill('{ "user": ')
  await expect(panel(page).getByText(/Not valid JSON/)).toBeVisible()
  await expect(panel(page).getByRole('button', { name: 'Run' })).toBeDisabled()
  await event.fill('{ "user": { "email": null } }')
  await page.keyboard.press('Control+Enter')
  await expect(result(page)).toContainText('Failed')
  await result(page).getByRole('button', { name: /Line 1 of lib\/mail\.ts/ }).click()
  await expect(page.locator('.panel-bar .mono').first()).toHaveText('actions/lib/mail.ts')
  await expect(panel(page)).toHaveCount(0)
})

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme })
    test('the editor with its trial is clean for axe', async ({ started: page }) => {
      await corporateAction(page)
      await replace(page, corporate.replace("api.leave('outside')", "api.leave('nowhere')"))
      await expect(page.locator('.cm-lintRange-warning')).toHaveCount(1, { timeout: 20_000 })
      const { violations: before } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
      expect(before.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([])
      await panel(page).getByRole('button', { name: /Event as JSON/ }).click()
      await page.keyboard.press('Control+Enter')
      await expect(result(page)).toContainText('which its header does not name')
      const { violations: after } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
      expect(after.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([])
    })
  })
}
