// A small web app that signs people in by OpenID Connect (code flow with PKCE)
// and keeps them signed in by a cookie of its own. It needs nothing but Node.
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'

const secret = () => randomBytes(32).toString('base64url')

/** Starts the app; answers its address and how to end it. */
export async function startApp({ issuer, clientId, port = 0 }) {
  const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
  const attempts = new Map() // by state
  const people = new Map() // by our own cookie
  let address = ''

  async function begin(res) {
    const attempt = { verifier: secret(), nonce: secret() }
    const state = secret()
    attempts.set(state, attempt)
    const to = new URL(metadata.authorization_endpoint)
    to.search = new URLSearchParams({
      response_type: 'code', client_id: clientId, redirect_uri: `${address}/callback`, scope: 'openid profile email',
      state, nonce: attempt.nonce, code_challenge: createHash('sha256').update(attempt.verifier).digest('base64url'), code_challenge_method: 'S256',
    }).toString()
    res.writeHead(302, { location: to.href }).end()
  }

  async function callback(url, res) {
    const attempt = attempts.get(url.searchParams.get('state'))
    attempts.delete(url.searchParams.get('state'))
    if (!attempt || url.searchParams.get('iss') !== metadata.issuer) return page(res, 400, '<p>This answer is not for us.</p>')
    if (url.searchParams.has('error')) return page(res, 403, `<p>You are not signed in: ${url.searchParams.get('error')}.</p>`)
    const answer = await fetch(metadata.token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'authorization_code', client_id: clientId, code: url.searchParams.get('code'), redirect_uri: `${address}/callback`, code_verifier: attempt.verifier }),
    })
    const tokens = await answer.json()
    if (!answer.ok) return page(res, 502, `<p>The provider did not answer: ${tokens.error}.</p>`)
    const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url')) // straight from the provider, over its own connection
    if (claims.nonce !== attempt.nonce) return page(res, 400, '<p>This answer is not for us.</p>')
    const person = await (await fetch(metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${tokens.access_token}` } })).json()
    const cookie = secret()
    people.set(cookie, { ...claims, ...person })
    res.writeHead(302, { location: '/', 'set-cookie': `app=${cookie}; HttpOnly; SameSite=Lax; Path=/` }).end()
  }

  function page(res, status, body) {
    res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>${body}`)
  }

  const server = createServer((req, res) => {
    const url = new URL(req.url, address)
    const who = people.get(/app=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1])
    if (url.pathname === '/login') return begin(res)
    if (url.pathname === '/callback') return callback(url, res)
    return page(res, 200, who ? `<p>Hello, ${who.name}. You proved it is you by ${who.acr}.</p>` : '<p>Nobody is signed in.</p><a href="/login">Sign in</a>')
  })
  await new Promise((done) => server.listen(port, '127.0.0.1', done))
  address = `http://127.0.0.1:${server.address().port}`
  return { address, end: () => new Promise((done) => server.close(done)) }
}
