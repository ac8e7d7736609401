// Passkeys in a real browser with its own virtual authenticator, and the pages of
// second factors as people see them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import AxeBuilder from '@axe-core/playwright'
import { expect, test as base, Harness, signIn, type Running } from './harness'

const flow = (name: string, blocks: Record<string, unknown>, start: string) => ({
  format: 1, name, trigger: 'custom', enabled: true, stages: ['main'], start,
  blocks: Object.fromEntries(Object.entries({
    ...blocks,
    done: { type: 'issue_session' },
    no: { type: 'deny', config: { reason: 'refused' } },
  }).map(([id, block]) => [id, { stage: 'main', ...(block as object) }])),
})

const password = (then: string) => ({ type: 'password_check', next: { ok: then, failed: 'no' } })

const flows = {
  enroll: flow('Enroll', {
    password: password('factor'),
    factor: { type: 'require_mfa_enroll', config: { factors: ['webauthn', 'totp', 'sms_otp', 'recovery_code'] }, next: { ok: 'done', skipped: 'done' } },
  }, 'password'),
  passwordless: flow('Passwordless', {
    begin: { type: 'webauthn_begin', next: { next: 'finish' } },
    finish: { type: 'webauthn_finish', config: { ceremony: '{{ step.begin.ceremony }}' }, next: { ok: 'done', failed: 'no', other: 'password' } },
    password: password('done'),
  }, 'begin'),
  second: flow('Second', {
    password: password('factor'),
    factor: { type: 'mfa', config: { remember_device_days: 30 }, next: { ok: 'done', failed: 'no', not_enrolled: 'no' } },
  }, 'password'),
}

/** The browser's own authenticator. */
interface Authenticator {
  answers(at: boolean): Promise<unknown>
  verifies(its: boolean): Promise<unknown>
}

/** The harness by its name: passkeys are bound to one. */
const test = base.extend<{ at: string; authenticator: Authenticator }>({
  // eslint-disable-next-line no-empty-pattern
  running: async ({}, use) => {
    const harness = new Harness()
    const running = await harness.start((dir) => {
      for (const [name, text] of Object.entries(flows)) writeFileSync(join(dir, 'flows', `${name}.json`), JSON.stringify(text))
    })
    await use(running)
    harness.end()
  },
  at: async ({ running }: { running: Running }, use) => {
    await use(running.issuer.replace('127.0.0.1', 'localhost'))
  },
  authenticator: async ({ page }: { page: Page }, use) => {
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('WebAuthn.enable')
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    })
    await use({
      answers: (enabled) => cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
      verifies: (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    })
  },
})

async function clean(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
  expect(violations.map((v) => `${v.id}: ${v.help}`), name).toEqual([])
  const shots = process.env.AUTHFLOW_SHOTS
  if (shots) await page.screenshot({ path: join(shots, `passkey-${name}.png`), fullPage: true })
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(`in ${scheme}`, () => {
    test.use({ colorScheme: scheme })

    test('a passkey is made, signs in alone, and is the second factor', async ({ page, at, authenticator }) => {
      const wrong: string[] = []
      page.on('pageerror', (e) => wrong.push(e.message))
      page.on('console', (m) => { if (m.text().includes('Content Security Policy')) wrong.push(m.text()) })
      // Browsers ask for an icon by themselves, and there is none.
      page.on('response', (r) => { if (r.status() >= 400 && !r.url().endsWith('/favicon.ico')) wrong.push(`${r.status()} ${r.url()}`) })
      await page.goto(`${at}/flows/enroll`)
      await signIn(page, 'ada@example.com', 'analytical-engine')
      await expect(page.getByRole('heading', { name: 'Add a second factor' })).toBeVisible()
      await clean(page, `choose-${scheme}`)
      await page.getByRole('button', { name: 'A passkey' }).click()
      await expect(page.getByRole('heading', { name: 'Make a passkey' })).toBeVisible()
      await clean(page, `enroll-${scheme}`)
      await page.getByLabel('A name for it').fill('My laptop')
      await page.getByRole('button', { name: 'Make a passkey' }).click()
      await expect(page.getByRole('heading', { name: 'Keep these codes' })).toBeVisible()
      await expect(page.locator('.codes li')).toHaveCount(10)
      await clean(page, `codes-${scheme}`)
      await page.getByRole('button', { name: 'I have kept them' }).click()
      await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible()

      await page.context().clearCookies()
      // Without the person's answer the autofill offer waits and the page stays.
      await authenticator.answers(false)
      await page.goto(`${at}/flows/passwordless`)
      await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
      await expect(page.getByLabel('Email or user name')).toHaveAttribute('autocomplete', 'username webauthn')
      await clean(page, `signin-${scheme}`)
      await authenticator.answers(true)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible()

      await page.context().clearCookies()
      await page.goto(`${at}/flows/second`)
      await signIn(page, 'ada@example.com', 'analytical-engine')
      await page.getByRole('button', { name: 'Use a passkey' }).click()
      await clean(page, `second-${scheme}`)
      await page.getByRole('button', { name: 'Use my passkey' }).click()
      await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible()
      expect(wrong).toEqual([])
    })
  })
}

test('who refuses is told so and can go another way', async ({ page, at, authenticator }) => {
  await authenticator.verifies(false)
  await page.goto(`${at}/flows/passwordless`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await expect(page.getByText('Nothing was confirmed')).toBeVisible()
  await page.getByLabel('Email or user name').fill('ada@example.com')
  await page.getByRole('button', { name: 'Use another way' }).click()
  await signIn(page, 'ada@example.com', 'analytical-engine')
  await expect(page.getByRole('heading', { name: 'Signed in' })).toBeVisible()
})

test('a browser without passkeys says so and has a way on', async ({ page, at }) => {
  await page.addInitScript(() => { Object.defineProperty(window, 'PublicKeyCredential', { value: undefined }) })
  await page.goto(`${at}/flows/passwordless`)
  await expect(page.getByText('This browser has no passkeys')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeHidden()
  await page.getByRole('button', { name: 'Use another way' }).click()
  await expect(page.getByLabel('Password')).toBeVisible()
})

test('an address that is a number says what passkeys need', async ({ page, running }) => {
  await page.goto(`${running.issuer}/flows/passwordless`)
  await expect(page.getByText('they need a host name')).toBeVisible()
  await clean(page, 'no-name')
  await page.getByRole('button', { name: 'Use another way' }).click()
  await expect(page.getByLabel('Password')).toBeVisible()
})

test('the page runs our script and no other', async ({ page, at }) => {
  const refused: string[] = []
  page.on('console', (m) => { if (m.text().includes('Content Security Policy')) refused.push(m.text()) })
  await page.goto(`${at}/flows/passwordless`)
  await page.evaluate(() => {
    const inline = document.createElement('script')
    inline.textContent = 'window.stolen = 1'
    document.body.append(inline)
    const other = document.createElement('script')
    other.src = '/fl/style.css'
    document.body.append(other)
  })
  await expect.poll(() => refused.length).toBeGreaterThanOrEqual(2)
  expect(await page.evaluate(() => 'stolen' in window)).toBe(false)
})
