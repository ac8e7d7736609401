// @auth/core (Auth.js) with its own discovery, cookies, PKCE, state and nonce.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Auth, customFetch } from '@auth/core'
import { startHarness } from './harness.js'
import { serve } from './server.js'
import { User } from './user.js'

let harness, app, tokens

async function answer(req, res) {
  const chunks = []
  for await (const chunk of req) chunks.push(chunk)
  const request = new Request(`${app.origin}${req.url}`, {
    method: req.method, headers: req.headers, ...(chunks.length ? { body: Buffer.concat(chunks) } : {}),
  })
  const response = await Auth(request, {
    basePath: '/auth', trustHost: true, secret: 'a'.repeat(32), logger: { error: (e) => console.error(e) },
    providers: [{
      id: 'authflow', name: 'Authflow', type: 'oidc', idToken: false, issuer: harness.issuer, clientId: harness.client_id,
      client: { token_endpoint_auth_method: 'none' }, checks: ['pkce', 'state', 'nonce'],
      authorization: { params: { scope: 'openid profile email offline_access' } }, [customFetch]: fetch,
    }],
    callbacks: {
      jwt: ({ token, account }) => { if (account) tokens = account; return token },
    },
  })
  for (const [name, value] of response.headers) if (name !== 'set-cookie') res.setHeader(name, value)
  res.setHeader('set-cookie', response.headers.getSetCookie())
  res.writeHead(response.status)
  res.end(Buffer.from(await response.arrayBuffer()))
}

before(async () => {
  harness = await startHarness()
  app = await serve((req, res) => answer(req, res).catch((e) => res.writeHead(500).end(String(e.stack))))
})
after(async () => { await app?.stop(); await harness?.stop() })

test('signs in, refreshes, signs out', async () => {
  const user = new User()
  const csrf = JSON.parse((await user.open(`${app.origin}/auth/csrf`)).html).csrfToken
  const page = await user.open(`${app.origin}/auth/signin/authflow`, undefined, {
    method: 'POST', body: new URLSearchParams({ csrfToken: csrf, callbackUrl: `${app.origin}/auth/session` }), headers: { origin: app.origin },
  })
  const { identifier, password } = harness.users[0]
  const done = await user.submit(page, { identifier, password })
  assert.equal(done.url.pathname, '/auth/session', done.html)
  assert.equal(JSON.parse(done.html).user.email, identifier)

  const renewed = await fetch(`${harness.issuer}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: harness.client_id }),
  })
  assert.equal(renewed.status, 200)
  const out = await user.open(`${harness.issuer}/oauth2/end_session?${new URLSearchParams({ id_token_hint: tokens.id_token })}`)
  assert.equal(out.status, 200)
  const after = await fetch(`${harness.issuer}/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: (await renewed.json()).refresh_token, client_id: harness.client_id }),
  })
  assert.equal(after.status, 400)
})
