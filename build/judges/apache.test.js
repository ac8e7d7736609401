// mod_auth_openidc, an independent client in C, in front of a small upstream.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startHarness } from './harness.js'
import { serve } from './server.js'
import { User } from './user.js'

const modules = '/usr/lib/apache2/modules'
let harness, upstream, apache, dir, origin

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  await new Promise((done) => probe.close(done))
  return port
}

before(async () => {
  assert.ok(existsSync(join(modules, 'mod_auth_openidc.so')), 'install apache2 and libapache2-mod-auth-openidc')
  upstream = await serve((req, res) => res.setHeader('content-type', 'application/json').end(JSON.stringify(req.headers)))
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  harness = await startHarness({
    clients: `  - id: apache\n    name: Apache\n    secret_name: APACHE\n    redirect_uris: ["${origin}/oidc/cb"]\n    post_logout_redirect_uris: ["${origin}/open"]\n` +
      `    backchannel_logout_uri: "${origin}/oidc/cb?logout=backchannel"\n    scopes: [openid, email, profile, offline_access]\n`,
    world: 'secrets: {APACHE: a-secret-for-apache}\n',
  })
  dir = mkdtempSync(join(tmpdir(), 'authflow-apache-'))
  writeFileSync(join(dir, 'httpd.conf'), `
ServerRoot ${dir}
PidFile ${dir}/pid
DefaultRuntimeDir ${dir}
Listen 127.0.0.1:${port}
ServerName ${origin}
ErrorLog ${dir}/error.log
LogLevel warn
${['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc', 'proxy', 'proxy_http'].map((m) => `LoadModule ${m}_module ${modules}/mod_${m}.so`).join('\n')}
OIDCProviderMetadataURL ${harness.issuer}/.well-known/openid-configuration
OIDCClientID apache
OIDCClientSecret a-secret-for-apache
OIDCRedirectURI ${origin}/oidc/cb
OIDCCryptoPassphrase a-passphrase-of-thirty-two-characters
OIDCPKCEMethod S256
OIDCScope "openid email profile offline_access"
OIDCRefreshAccessTokenBeforeExpiry 86400
OIDCPassRefreshToken On
OIDCCookieSameSite On
ProxyPass /open !
ProxyPass /oidc !
ProxyPass / ${upstream.origin}/
<Location />
  AuthType openid-connect
  Require valid-user
</Location>
<Location /open>
  AuthType None
  Require all granted
</Location>
`)
  apache = spawn('/usr/sbin/apache2', ['-f', join(dir, 'httpd.conf'), '-DFOREGROUND'], { stdio: 'inherit' })
  for (let i = 0; ; i++) {
    try {
      await fetch(`${origin}/open`)
      break
    } catch (e) {
      if (i > 100) throw e
      await new Promise((done) => setTimeout(done, 50))
    }
  }
})
after(async () => {
  if (apache?.exitCode === null) {
    apache.kill('SIGTERM')
    await once(apache, 'exit')
  }
  await upstream?.stop()
  await harness?.stop()
  if (dir) rmSync(dir, { recursive: true, force: true })
})

async function signIn(user) {
  const page = await user.open(`${origin}/`)
  const { identifier, password } = harness.users[0]
  const inside = await user.submit(page, { identifier, password })
  assert.equal(inside.url.href, `${origin}/`, inside.html)
  return JSON.parse(inside.html)
}

test('signs in, refreshes at each visit, signs out', async () => {
  const user = new User()
  const first = await signIn(user)
  assert.equal(first.oidc_claim_sub, 'usr_ada')
  assert.equal(first.oidc_claim_email, harness.users[0].identifier)
  assert.equal(first.oidc_claim_department, 'Research')

  const second = JSON.parse((await user.open(`${origin}/`)).html)
  assert.notEqual(second.oidc_refresh_token, first.oidc_refresh_token, 'the refresh token was rotated')

  const out = await user.open(`${origin}/oidc/cb?logout=${encodeURIComponent(`${origin}/open`)}`)
  assert.equal(out.url.href, `${origin}/open`, out.html)
  const again = await user.open(`${origin}/`)
  assert.match(again.html, /name="identifier"/, 'the next visit asks who it is')
})

test('is told when the session ends elsewhere (back-channel logout)', async () => {
  const user = new User()
  const inside = await signIn(user)
  const control = (method, path) => fetch(harness.control_url + path, { method, headers: { authorization: `Bearer ${harness.control_token}` } }).then((r) => r.json())
  await control('POST', '/users/reset')
  let delivered
  for (let i = 0; i < 100 && delivered?.state !== 'delivered'; i++) {
    await new Promise((done) => setTimeout(done, 100))
    delivered = (await control('GET', '/logouts')).logouts.find((l) => l.client_id === 'apache')
  }
  assert.equal(delivered?.state, 'delivered', JSON.stringify(delivered))
  assert.match((await user.open(`${origin}/`)).html, /name="identifier"/, `still inside as ${inside.oidc_claim_sub}`)
})
