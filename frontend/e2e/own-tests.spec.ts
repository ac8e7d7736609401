// The guide for people's own tests, as a test: what it shows is what runs here.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './harness'

const guide = join(import.meta.dirname, '../../docs/guides')

// The example is plain JavaScript, as readers have it.
const { startApp } = (await import(join(guide, 'own-tests/app.mjs'))) as {
  startApp: (options: { issuer: string; clientId: string }) => Promise<{ address: string; end: () => Promise<void> }>
}

test('an app of one’s own signs people in at the harness', async ({ page, running }) => {
  const app = await startApp({ issuer: running.issuer, clientId: running.client_id })
  // guide: begin
  const control = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(running.control_url + path, {
      method, headers: { authorization: `Bearer ${running.control_token}` }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as unknown
  }

  // Through the real pages, from a network that asks for a code by mail.
  await control('POST', '/world', { ip: '203.0.113.7' })
  await page.goto(app.address)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('Email or user name').fill('ada@example.com')
  await page.getByLabel('Password').fill('analytical-engine')
  await page.getByRole('button', { name: 'Continue' }).click()
  const { messages } = (await control('GET', '/outbox?to=ada@example.com&wait=5s')) as { messages: { code: string }[] }
  await page.getByLabel('Code').fill(messages[0]?.code ?? '')
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page.getByText('Hello, Ada Lovelace. You proved it is you by aal2.')).toBeVisible()

  // Without any page: the next sign-in is Grace's.
  await control('POST', '/next-user', { user: 'grace@acme.example', aal: 'aal1', times: 1 })
  await page.goto(`${app.address}/login`)
  await expect(page.getByText('Hello, Grace Hopper.')).toBeVisible()

  // What the app does when the provider fails.
  await control('PUT', '/faults/token', { error: 'server_error', status: 500, times: 1 })
  await control('POST', '/next-user', { user: 'ada@example.com', aal: 'aal1', times: 1 })
  await page.goto(`${app.address}/login`)
  await expect(page.getByText('The provider did not answer: server_error.')).toBeVisible()
  // guide: end
  await app.end()
})

test('the guide shows just that', () => {
  const text = readFileSync(join(guide, 'own-tests.md'), 'utf8')
  expect(text).toContain(readFileSync(join(guide, 'own-tests/app.mjs'), 'utf8').trim())
  const own = readFileSync(import.meta.filename, 'utf8')
  const shown = own.slice(own.indexOf('  // guide: begin\n') + '  // guide: begin\n'.length, own.indexOf('  // guide: end\n'))
  expect(text).toContain(shown.trimEnd().replace(/^ {2}/gm, ''))
})
