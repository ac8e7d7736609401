// passport-openidconnect in an Express application: session cookie, callback,
// profile. It does not know PKCE: a confidential client
// whose code is bound by its nonce (pkce: nonce).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import express from 'express'
import session from 'express-session'
import passport from 'passport'
import { Strategy } from 'passport-openidconnect'
import { startHarness } from './harness.js'
import { serve } from './server.js'
import { User } from './user.js'

let harness, app, site

before(async () => {
  site = express()
  app = await serve((req, res) => site(req, res))
  harness = await startHarness({
    clients: `  - id: passport-app\n    name: Passport\n    secret_name: PASSPORT\n    pkce: nonce\n    redirect_uris: ["${app.origin}/cb"]\n    post_logout_redirect_uris: ["${app.origin}/bye"]\n    scopes: [openid, profile, email, offline_access]\n`,
    world: 'secrets: {PASSPORT: a-secret-for-passport}\n',
  })
  const metadata = await (await fetch(`${harness.issuer}/.well-known/openid-configuration`)).json()
  passport.use(new Strategy({
    issuer: harness.issuer, authorizationURL: metadata.authorization_endpoint, tokenURL: metadata.token_endpoint, userInfoURL: metadata.userinfo_endpoint,
    clientID: 'passport-app', clientSecret: 'a-secret-for-passport', callbackURL: `${app.origin}/cb`, scope: ['profile', 'email', 'offline_access'], skipUserProfile: false, nonce: true,
  }, (issuer, profile, context, idToken, accessToken, refreshToken, done) => done(null, { issuer, profile, idToken, refreshToken })))
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user, done) => done(null, user))
  site.use(session({ secret: 'x', resave: false, saveUninitialized: false }), passport.session())
  site.get('/login', passport.authenticate('openidconnect'))
  site.get('/cb', passport.authenticate('openidconnect', { failureRedirect: '/failed', failureMessage: true }), (_, res) => res.redirect('/me'))
  site.get('/me', (req, res) => res.json(req.user ?? null))
  site.get('/failed', (req, res) => res.status(401).json(req.session.messages))
  site.get('/bye', (_, res) => res.send('bye'))
  site.use((error, _, res, __) => res.status(500).send(String(error.stack)))
})
after(async () => { await app?.stop(); await harness?.stop() })

test('signs in, refreshes, signs out', async () => {
  const user = new User()
  const page = await user.open(`${app.origin}/login`)
  const { identifier, password } = harness.users[0]
  const me = await user.submit(page, { identifier, password })
  assert.equal(me.url.pathname, '/me', me.html)
  const signedIn = JSON.parse(me.html)
  assert.equal(signedIn.issuer, harness.issuer)
  assert.equal(signedIn.profile.id, 'usr_ada')
  assert.equal(signedIn.profile.displayName, 'Ada Lovelace')

  const renewed = await fetch(`${harness.issuer}/oauth2/token`, {
    method: 'POST', headers: { authorization: `Basic ${btoa('passport-app:a-secret-for-passport')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: signedIn.refreshToken }),
  })
  assert.equal(renewed.status, 200)

  const out = new URL(`${harness.issuer}/oauth2/end_session`)
  out.search = new URLSearchParams({ id_token_hint: signedIn.idToken, post_logout_redirect_uri: `${app.origin}/bye` })
  assert.equal((await user.open(out)).html, 'bye')
})
