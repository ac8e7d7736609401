// Signing in through a second OpenID Provider in a real browser: the harness's own
// stands in for the project's, and the starter's login is replaced by a social one.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import AxeBuilder from '@axe-core/playwright'
import { expect, test as base, Harness, signIn } from './harness'

const stage = (name: string, block: object) => ({ stage: name, ...block })

const social = {
  format: 1, name: 'Social', trigger: 'custom', enabled: true, stages: ['main'], start: 'ways',
  blocks: Object.fromEntries(Object.entries({
    ways: { type: 'page', config: { template: 'sign_in.html', title: 'page.sign_in.title', buttons: [{ port: 'elsewhere', label: 'Continue with Example' }] }, next: { submitted: 'leave', elsewhere: 'leave' } },
    leave: { type: 'social_oidc_redirect', config: { provider: 'example' }, next: { returned: 'back', failed: 'no' } },
    back: { type: 'social_oidc_callback', config: { provider: 'example' }, next: { ok: 'done', unlinked: 'prove', cancelled: 'cancelled', failed: 'no' } },
    prove: { type: 'password_check', next: { ok: 'join', failed: 'no' } },
    join: { type: 'link_account', next: { linked: 'done', refused: 'no' } },
    done: { type: 'issue_session' },
    cancelled: { type: 'deny', config: { reason: 'cancelled_there', message: 'You cancelled at Example.' } },
    no: { type: 'deny', config: { reason: 'social_failed', message: 'That did not work.' } },
  }).map(([id, block]) => [id, stage('main', block)])),
}

const test = base.extend({
  // eslint-disable-next-line no-empty-pattern
  running: async ({}, use) => {
    const harness = new Harness()
    await use(await harness.start((dir) => {
      const file = join(dir, 'authflow.json')
      const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
      settings.egress_hosts = ['id.example.com']
      settings.secrets = [{ name: 'EXAMPLE_SECRET', purpose: 'our registration at Example' }]
      settings.providers = { example: { title: 'Example', issuer: 'https://id.example.com', client_id: 'acme', client_secret: 'EXAMPLE_SECRET' } }
      writeFileSync(file, JSON.stringify(settings))
      writeFileSync(join(dir, 'flows', 'social.json'), JSON.stringify(social))
    }))
    harness.end()
  },
})

async function clean(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
  expect(violations.map((v) => `${v.id}: ${v.help}`), name).toEqual([])
  const shots = process.env.AUTHFLOW_SHOTS
  if (shots) await page.screenshot({ path: join(shots, `social-${name}.png`), fullPage: true })
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`in ${scheme}`, () => {
    test.use({ colorScheme: scheme })

    test('somebody comes from the other provider, proves an account once, and is known from then on', async ({ page, running }) => {
      const wrong: string[] = []
      page.on('pageerror', (e) => wrong.push(e.message))
      page.on('console', (m) => { if (m.text().includes('Content Security Policy')) wrong.push(m.text()) })
      await page.goto(`${running.issuer}/flows/social`)
      await page.getByRole('button', { name: 'Continue with Example' }).click()
      await expect(page.getByRole('heading', { name: 'Sign in at the other provider as…' })).toBeVisible()
      await expect(page.getByText('Simulated: this is not Example.')).toBeVisible()
      await clean(page, `provider-${scheme}`)
      await page.getByRole('button', { name: 'Robin Example' }).click()
      await signIn(page, 'ada@example.com', 'analytical-engine')
      await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible()
      await page.context().clearCookies()
      await page.goto(`${running.issuer}/flows/social`)
      await page.getByRole('button', { name: 'Continue with Example' }).click()
      await page.getByRole('button', { name: 'Robin Example' }).click()
      await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible()
      await clean(page, `done-${scheme}`)
      expect(wrong).toEqual([])
    })
  })
}

test('who cancels there comes back, and no session is made', async ({ page, running }) => {
  await page.goto(`${running.issuer}/flows/social`)
  await page.getByRole('button', { name: 'Continue with Example' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('You cancelled at Example.')).toBeVisible()
  expect((await page.context().cookies()).filter((c) => c.name.includes('session'))).toEqual([])
})

test('a tampered state changes nothing, and the way back stays open', async ({ page, running }) => {
  await page.goto(`${running.issuer}/flows/social`)
  await page.getByRole('button', { name: 'Continue with Example' }).click()
  const there = page.url()
  await page.goto(`${running.issuer}/fl/callback/example?code=stolen&state=tampered`)
  await expect(page.getByText('Signed in')).toBeHidden()
  await page.goto(there)
  await page.getByRole('button', { name: 'Kim Example' }).click()
  await expect(page.getByLabel('Password')).toBeVisible()
})
