// The tour through every main screen. It makes the pictures of the user guide
// (make guide), so that they are never stale, and holds the look of each screen
// against the one that is kept (docs/decisions/0013). What it cannot reach fails.
import { spawnSync } from 'node:child_process'
import type { Page } from '@playwright/test'
import { find, openStudio } from './debug-project'
import { card, expect, flowPage, inspector, saved, Studio, test as base } from './studio'
import { look, picture } from './tour-stop'

const test = base.extend<{ first: Page }>({
  /** The gallery, as somebody sees it who has never been here. */
  first: async ({ page }, use) => {
    const studio = new Studio()
    await studio.start(null)
    await page.goto(studio.url)
    await use(page)
    studio.end()
  },
})
// The font of the looks is put into the page from outside.
test.use({ bypassCSP: true, viewport: { width: 1280, height: 800 }, colorScheme: 'light' })

const part = (page: Page, name: string) => page.getByRole('navigation', { name: 'Parts of the project' }).getByRole('button', { name }).click()
const panel = (page: Page, name: string) => page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name }).click()
const fit = (page: Page) => page.getByRole('button', { name: 'Fit everything' }).click()
const hint = (page: Page, title: string) => expect(page.getByRole('complementary', { name: 'Hint' }).getByRole('heading', { name: title })).toBeVisible()

async function run(page: Page): Promise<void> {
  await page.getByRole('toolbar', { name: 'Run' }).getByRole('button', { name: 'Run' }).click()
  await expect(flowPage(page).getByRole('heading', { name: 'Sign in' })).toBeVisible()
}

async function signIn(page: Page, who = 'Ada Lovelace'): Promise<void> {
  await page.getByRole('button', { name: `Fill in ${who}` }).click()
  await flowPage(page).getByRole('button', { name: 'Continue' }).click()
}

test('the first minute', async ({ first: page }) => {
  await hint(page, 'Start with one that works')
  await picture(page, 'gallery')
  await page.getByRole('button', { name: 'Got it' }).click()
  await look(page, 'gallery')
  await page.getByRole('button', { name: /^Create and run Starter/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Create & run' }).click()
  await hint(page, 'Sign in as somebody')
  await picture(page, 'first-run')
  await signIn(page)
  await hint(page, 'You are signed in. Now look inside')
  await picture(page, 'signed-in')
  await card(page, 'risk').click()
  await page.keyboard.press('F9')
  await hint(page, 'Run it once more')
  await run(page)
  await signIn(page)
  await hint(page, 'It stands before your block')
  await picture(page, 'first-stop')
})

test('drawing', async ({ started: page }) => {
  await fit(page)
  await picture(page, 'canvas')
  await picture(page, 'canvas-dark', 'dark')
  await look(page, 'canvas')
  await card(page, 'policy').click()
  await expect(inspector(page).getByRole('heading', { name: 'Policy' })).toBeVisible()
  await picture(page, 'inspector')
  await look(page, 'inspector')
  await card(page, 'find_user').click()
  await page.keyboard.press('Tab')
  await page.getByRole('combobox', { name: 'Add a block' }).fill('mfa')
  await picture(page, 'quick-add')
  await page.keyboard.press('Escape')
  await panel(page, 'Outline')
  await expect(page.getByRole('tree', { name: /Outline of/ })).toBeVisible()
  await picture(page, 'outline')
})

test('a flow inside of the block that runs it', async ({ page, studio }) => {
  await openStudio(page, studio)
  await find(page, 'check')
  await page.keyboard.press('Shift+Enter')
  await expect(card(page, 'check').getByRole('group', { name: 'Blocks of Check' })).toBeVisible()
  await picture(page, 'inside')
})

test('pages', async ({ started: page }) => {
  await part(page, 'Pages')
  await page.locator('.side-entry', { hasText: 'sign_in.html' }).click()
  await expect(page.locator('.cm-content')).toBeVisible()
  await expect(page.frameLocator('.page-preview iframe').getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await picture(page, 'page-editor')
  await look(page, 'page-editor')
})

const action = `/**
 * Says what kind of account it is, for applications to read.
 *
 * @title Corporate or personal
 * @config {list} [domains=example.com] - mail domains of the company
 * @port outside - neither corporate nor verified
 * @output {string} kind - corporate or personal
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  if (!event.user) return api.deny('no_user')
  const domain = event.user.email.split('@').pop() ?? ''
  const corporate = api.config.domains.includes(domain)
  if (!corporate && !event.user.email_verified) api.leave('outside')
  const kind = corporate ? 'corporate' : 'personal'
  api.state.set('kind', kind)
  api.accessToken.setCustomClaim('account_kind', kind)
}
`

test('Actions', async ({ page, studio }) => {
  studio.write('actions/corporate.ts', action)
  await studio.start()
  await page.goto(studio.url)
  await part(page, 'Actions')
  await page.getByRole('region', { name: 'Actions' }).getByRole('button', { name: /Corporate or personal/ }).click()
  await expect(page.locator('.cm-content').first()).toBeVisible()
  await page.getByRole('complementary', { name: 'Try it' }).getByRole('button', { name: 'Run' }).click()
  await expect(page.getByRole('region', { name: 'Result' })).toContainText('account_kind')
  await expect(page.getByText('Types are loading')).toHaveCount(0)
  await picture(page, 'action-editor')
  await look(page, 'action-editor')
})

test('running, and the world', async ({ started: page }) => {
  await run(page)
  await page.getByRole('button', { name: /the world of this browser/ }).click()
  await page.getByRole('group', { name: 'World of this browser' }).getByLabel('Risk', { exact: true }).selectOption('vpn')
  await picture(page, 'world')
  await look(page, 'world')
  await signIn(page, 'Grace Hopper')
  await expect(flowPage(page).getByRole('heading', { name: 'Confirm it is you' })).toBeVisible()
  await flowPage(page).getByRole('button', { name: /mail|Mail/ }).first().click()
  await panel(page, 'Outbox')
  await expect(page.getByRole('article')).toBeVisible()
  await picture(page, 'outbox')
  await part(page, 'Users')
  await expect(page.getByRole('table', { name: 'Users' })).toBeVisible()
  await picture(page, 'users')
  await part(page, 'Provider')
  await expect(page.getByRole('heading', { name: 'Provider' })).toBeVisible()
  await picture(page, 'provider')
  await look(page, 'provider')
})

test('sessions and tokens', async ({ started: page }) => {
  await run(page)
  await signIn(page)
  await expect(page.getByText('Signature verified')).toBeVisible()
  await picture(page, 'tokens')
  await part(page, 'Sessions')
  await expect(page.getByRole('table', { name: 'Sessions' })).toContainText('Ada Lovelace')
  await picture(page, 'sessions')
  await look(page, 'sessions')
})

test('debugging', async ({ started: page }) => {
  await card(page, 'risk').click()
  await page.keyboard.press('F9')
  await run(page)
  await signIn(page)
  await expect(page.getByTestId('run-state')).toContainText('Paused')
  await picture(page, 'debug')
  await picture(page, 'debug-dark', 'dark')
  await look(page, 'debug')
  await panel(page, 'Timeline')
  await page.getByRole('list', { name: 'Steps of the run' }).getByRole('button').nth(1).click()
  await picture(page, 'timeline')
})

test('tests', async ({ started: page }) => {
  await part(page, 'Tests')
  await page.getByRole('button', { name: 'Run all' }).click()
  await expect(page.getByRole('heading', { name: /[1-9]\d* passed, 0 failed/ })).toBeVisible()
  await page.getByRole('region', { name: 'Scenarios' }).locator('.filed-row').first().click()
  await picture(page, 'tests')
  await look(page, 'tests')
  await page.getByText('Paint coverage on the canvas').click()
  await part(page, 'Flows')
  await fit(page)
  await expect(page.locator('.card.covered').first()).toBeVisible()
  await picture(page, 'coverage')
})

test('contracts and problems', async ({ page, studio }) => {
  studio.write('contracts/strict.yaml', 'contracts:\n  - name: Nobody signs in with less than two factors\n    on: login\n    every: a session\n    passed: a second factor\n')
  await studio.start()
  await page.goto(studio.url)
  await part(page, 'Contracts')
  const list = page.getByRole('region', { name: 'Contracts' })
  await list.getByRole('button', { name: /less than two factors/ }).click()
  await expect(page.getByRole('heading', { name: 'Refuted' })).toBeVisible()
  await picture(page, 'contracts')
  await look(page, 'contracts')
  await page.getByRole('switch', { name: 'Paint it on the canvas' }).click()
  await expect(page.locator('.card.breaking').first()).toBeVisible()
  await picture(page, 'counter-example')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('no longer paint the path')
  await page.keyboard.press('Enter')
  await card(page, 'known_device').click()
  await inspector(page).getByRole('combobox', { name: 'unknown leads to' }).selectOption('')
  await panel(page, 'Problems')
  await expect(page.getByRole('region', { name: 'Problems', exact: true }).getByRole('listitem').first()).toContainText('leads nowhere')
  await picture(page, 'problems')
  await look(page, 'problems')
})

test('comparing', async ({ page, studio }) => {
  const git = (...args: string[]) => expect(spawnSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args], { cwd: studio.dir }).status).toBe(0)
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-q', '-m', 'The first version')
  await studio.start()
  await page.goto(studio.url)
  await card(page, 'known_device').click()
  await page.keyboard.press('Control+Delete')
  await saved(page)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('compare this flow')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Compare with' }).getByRole('option', { name: /The first version/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Changes' })).toContainText('known_device')
  await fit(page)
  await picture(page, 'compare')
  await look(page, 'compare')
})

test('bundles', async ({ started: page }) => {
  await part(page, 'Bundles')
  await expect(page.getByText('Ready to export')).toBeVisible()
  await picture(page, 'bundles')
  await look(page, 'bundles')
})

test('keys', async ({ started: page }) => {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command palette' }).fill('show')
  await picture(page, 'commands')
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(page.getByLabel('Find a command')).toBeFocused()
  await picture(page, 'shortcuts')
})
