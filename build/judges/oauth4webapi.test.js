// oauth4webapi: every step of the protocol by hand, each answer validated.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import { startHarness } from './harness.js'
import { User } from './user.js'

const callback = 'http://127.0.0.1:49153/callback'
const insecure = { [oauth.allowInsecureRequests]: true }
let harness, as, client

before(async () => {
  harness = await startHarness()
  const issuer = new URL(harness.issuer)
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
  client = { client_id: harness.client_id }
})
after(() => harness?.stop())

async function signIn(user) {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const nonce = oauth.generateRandomNonce()
  const url = new URL(as.authorization_endpoint)
  for (const [name, value] of Object.entries({
    client_id: client.client_id, redirect_uri: callback, response_type: 'code', scope: 'openid email offline_access', state, nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  })) url.searchParams.set(name, value)
  const page = await user.open(url, callback)
  const { identifier, password } = harness.users[0]
  const answer = await user.submit(page, { identifier, password }, callback)
  const params = oauth.validateAuthResponse(as, client, answer.url, state)
  const response = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), params, callback, verifier, insecure)
  return oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true })
}

test('signs in, refreshes, signs out', async () => {
  const user = new User()
  const tokens = await signIn(user)
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  assert.equal(claims.sub, 'usr_ada')

  const info = await oauth.processUserInfoResponse(as, client, claims.sub, await oauth.userInfoRequest(as, client, tokens.access_token, insecure))
  assert.equal(info.email, harness.users[0].identifier)

  const renewed = await oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token, insecure))
  assert.notEqual(renewed.refresh_token, tokens.refresh_token)
  assert.equal(oauth.getValidatedIdTokenClaims(renewed).sub, claims.sub)

  const out = new URL(as.end_session_endpoint)
  out.searchParams.set('id_token_hint', tokens.id_token)
  assert.equal((await user.open(out)).status, 200)
  await assert.rejects(
    async () => oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, oauth.None(), renewed.refresh_token, insecure)),
    (e) => e.error === 'invalid_grant',
  )
})

test('a token is revoked', async () => {
  const tokens = await signIn(new User())
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, oauth.None(), tokens.refresh_token, insecure))
  await assert.rejects(
    async () => oauth.processRefreshTokenResponse(as, client, await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token, insecure)),
    (e) => e.error === 'invalid_grant',
  )
})

test('a pushed authorization request', async () => {
  const user = new User()
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const params = new URLSearchParams({
    client_id: client.client_id, redirect_uri: callback, response_type: 'code', scope: 'openid', state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  })
  const pushed = await oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(as, client, oauth.None(), params, insecure))
  const url = new URL(as.authorization_endpoint)
  url.searchParams.set('client_id', client.client_id)
  url.searchParams.set('request_uri', pushed.request_uri)
  const { identifier, password } = harness.users[0]
  const answer = await user.submit(await user.open(url, callback), { identifier, password }, callback)
  const got = oauth.validateAuthResponse(as, client, answer.url, state)
  const response = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), got, callback, verifier, insecure)
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response)
  assert.equal(oauth.getValidatedIdTokenClaims(tokens).sub, 'usr_ada')
})
