// oidc-client-ts in a page, in Chromium: sign in, silent renew, sign out.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { chromium } from 'playwright-core'
import { startHarness } from './harness.js'
import { serve } from './server.js'

const library = readFileSync(join(import.meta.dirname, 'node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js'))
let harness, app, browser

const html = () => `<!doctype html><meta charset="utf-8"><title>App</title><script src="/oidc.js"></script>
<button id="in">Sign in</button><button id="renew">Renew</button><button id="out">Sign out</button><pre id="user"></pre>
<script>
  const manager = new oidc.UserManager({ authority: ${JSON.stringify(harness.issuer)}, client_id: 'spa', redirect_uri: location.origin + '/cb',
    post_logout_redirect_uri: location.origin + '/', silent_redirect_uri: location.origin + '/silent', scope: 'openid email offline_access' })
  const show = (u) => { document.getElementById('user').textContent = u ? JSON.stringify({ sub: u.profile.sub, access: u.access_token, refresh: u.refresh_token }) : 'nobody' }
  const fail = (e) => { document.getElementById('user').textContent = 'error: ' + e.message }
  document.getElementById('in').onclick = () => manager.signinRedirect().catch(fail)
  document.getElementById('renew').onclick = () => manager.signinSilent().then(show, fail)
  document.getElementById('out').onclick = () => manager.signoutRedirect().catch(fail)
  if (location.pathname === '/cb') manager.signinCallback().then(show, fail)
  else manager.getUser().then(show, fail)
</script>`

before(async () => {
  app = await serve((req, res) => {
    if (req.url === '/oidc.js') res.setHeader('content-type', 'text/javascript').end(library)
    else res.setHeader('content-type', 'text/html').end(html())
  })
  harness = await startHarness({
    clients: `  - id: spa\n    name: Page\n    redirect_uris: ["${app.origin}/cb"]\n    post_logout_redirect_uris: ["${app.origin}/"]\n    allowed_origins: ["${app.origin}"]\n    scopes: [openid, email, offline_access]\n`,
  })
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
})
after(async () => { await browser?.close(); await app?.stop(); await harness?.stop() })

test('signs in, renews in silence, signs out', async () => {
  const page = await browser.newPage()
  await page.goto(`${app.origin}/`)
  // Answers what the page shows once it is not what it was.
  const shown = async (was) => {
    await page.waitForFunction((w) => { const t = document.getElementById('user')?.textContent; return t && t !== w }, was, { timeout: 20_000 })
    return page.locator('#user').textContent()
  }
  await page.locator('#in').click()
  await page.locator('input[name=identifier]').fill(harness.users[0].identifier)
  await page.locator('input[name=password]').fill(harness.users[0].password)
  await page.locator('button.primary').click()
  await page.waitForURL(`${app.origin}/cb*`)
  const text = await shown('')
  const first = JSON.parse(text)
  assert.equal(first.sub, 'usr_ada')

  await page.locator('#renew').click()
  const renewed = JSON.parse(await shown(text))
  assert.equal(renewed.sub, 'usr_ada')
  assert.notEqual(renewed.refresh, first.refresh)

  await page.locator('#out').click()
  await page.waitForURL(`${app.origin}/`)
  assert.equal(await page.locator('#user').textContent(), 'nobody')
  await page.locator('#in').click()
  await page.locator('input[name=identifier]').waitFor()
})
