// A stock client, openid-client from npm, signs in at `authflow run` with no
// knowledge of it but the issuer and the client id.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as client from 'openid-client'
import { startHarness } from './harness.js'
import { User } from './user.js'

const callback = 'http://127.0.0.1:49152/callback'
let harness, config

before(async () => {
  harness = await startHarness()
  config = await client.discovery(new URL(harness.issuer), harness.client_id, undefined, client.None(), {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  })
})
after(() => harness?.stop())

/** What the client remembers of one attempt, and the address that begins it. */
async function begin(more = {}) {
  const verifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  })
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } }
}

/** Signs the first of the harness's users in; answers where the client was called back. */
async function signIn(user, attempt) {
  const { identifier, password } = harness.users[0]
  const page = await user.open(attempt.url, callback)
  assert.equal(page.status, 200)
  const answer = await user.submit(page, { identifier, password }, callback)
  assert.ok(answer.url.href.startsWith(callback), `the sign-in ended at ${answer.url}: ${answer.html}`)
  return answer.url
}

test('discovery names what the client needs', () => {
  const server = config.serverMetadata()
  assert.equal(server.issuer, harness.issuer)
  assert.equal(server.authorization_response_iss_parameter_supported, true)
  assert.ok(server.supportsPKCE())
})

test('code flow with PKCE, userinfo, refresh, sign-on without a page, end of the session', async () => {
  const user = new User()
  const attempt = await begin()
  const tokens = await client.authorizationCodeGrant(config, await signIn(user, attempt), attempt.checks)
  const claims = tokens.claims()
  assert.equal(claims.iss, harness.issuer)
  assert.equal(claims.department, 'Research', 'the claim that the flow sets is in the ID token')
  assert.ok(tokens.expires_in > 0)

  const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
  assert.equal(info.email, harness.users[0].identifier)

  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token)
  assert.notEqual(renewed.refresh_token, tokens.refresh_token)
  assert.equal(renewed.claims().sub, claims.sub)

  const again = await begin({ prompt: 'none' })
  const silent = await user.open(again.url, callback)
  const second = await client.authorizationCodeGrant(config, silent.url, again.checks)
  assert.equal(second.claims().sub, claims.sub)
  assert.equal(second.claims().sid, claims.sid)

  const bye = await user.open(client.buildEndSessionUrl(config, { id_token_hint: second.id_token }))
  assert.equal(bye.status, 200)
  const last = await begin({ prompt: 'none' })
  const refused = await user.open(last.url, callback)
  await assert.rejects(client.authorizationCodeGrant(config, refused.url, last.checks), (e) => e.error === 'login_required')
})

test('a code is good once', async () => {
  const attempt = await begin()
  const url = await signIn(new User(), attempt)
  await client.authorizationCodeGrant(config, url, attempt.checks)
  await assert.rejects(client.authorizationCodeGrant(config, url, attempt.checks), (e) => e.error === 'invalid_grant')
})

test('a code is good only with its verifier', async () => {
  const attempt = await begin()
  const url = await signIn(new User(), attempt)
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  await assert.rejects(client.authorizationCodeGrant(config, url, { ...attempt.checks, pkceCodeVerifier }), (e) => e.error === 'invalid_grant')
})

// The client's own checks are shown refusing, so that their silence above says
// something.
for (const [what, change] of [
  ['another issuer', (url) => url.searchParams.set('iss', 'http://127.0.0.1:1')],
  ['no issuer', (url) => url.searchParams.delete('iss')],
  ['another state', (url) => url.searchParams.set('state', 'forged')],
]) {
  test(`the client refuses an answer with ${what}`, async () => {
    const attempt = await begin()
    const url = await signIn(new User(), attempt)
    change(url)
    await assert.rejects(client.authorizationCodeGrant(config, url, attempt.checks), client.ClientError)
  })
}

test('the client refuses an ID token with another nonce', async () => {
  const attempt = await begin()
  const url = await signIn(new User(), attempt)
  const expectedNonce = client.randomNonce()
  await assert.rejects(client.authorizationCodeGrant(config, url, { ...attempt.checks, expectedNonce }), client.ClientError)
})
