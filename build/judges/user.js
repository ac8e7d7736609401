// A person with a browser that runs no scripts: cookies, redirects, forms.
import { once } from 'node:events'
import { request } from 'node:http'

/**
 * One request as a browser makes it for a page. Not fetch: it says of itself
 * that it is a script (sec-fetch-mode), and some clients answer scripts 401.
 */
async function ask(url, { method = 'GET', headers, body }) {
  const req = request(url, { method, headers: { accept: 'text/html,*/*;q=0.8', 'sec-fetch-mode': 'navigate', ...headers } })
  if (body) req.setHeader('content-type', 'application/x-www-form-urlencoded')
  req.end(body?.toString())
  const [res] = await once(req, 'response')
  const chunks = []
  for await (const chunk of res) chunks.push(chunk)
  return { status: res.statusCode, headers: res.headers, text: Buffer.concat(chunks).toString() }
}

/** A user agent that stops at an address of the client. */
export class User {
  #cookies = new Map()

  /** Follows redirects until a page is shown, or until one leads to the client. */
  async open(url, stopAt, init = {}) {
    for (let hops = 0; hops < 20; hops++) {
      if (stopAt && String(url).startsWith(stopAt)) return { url: new URL(url) }
      const answer = await ask(url, { ...init, headers: { ...init.headers, cookie: this.#header() } })
      this.#keep(answer.headers['set-cookie'] ?? [])
      const next = answer.headers.location
      if (!next) return { url: new URL(url), status: answer.status, html: answer.text }
      url = new URL(next, url)
      init = {}
    }
    throw new Error('more than 20 redirects')
  }

  /** Fills the page's form in and sends it. */
  async submit(page, values, stopAt) {
    const form = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page.html)
    if (!form) throw new Error(`there is no form on ${page.url}: ${page.html}`)
    const body = new URLSearchParams()
    for (const [, input] of form[2].matchAll(/<input\b([^>]*)>/gi)) {
      const name = attribute(input, 'name')
      if (name) body.set(name, attribute(input, 'value') ?? '')
    }
    for (const [name, value] of Object.entries(values)) {
      if (!body.has(name)) throw new Error(`the form on ${page.url} has no field ${name}`)
      body.set(name, value)
    }
    const action = new URL(attribute(form[1], 'action') || page.url, page.url)
    return this.open(action, stopAt, { method: 'POST', body, headers: { origin: action.origin } })
  }

  #keep(lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(';')
      const name = pair.slice(0, pair.indexOf('=')).trim()
      if (attributes.some((a) => /^\s*max-age=(0|-\d+)\s*$/i.test(a))) this.#cookies.delete(name)
      else this.#cookies.set(name, pair.slice(pair.indexOf('=') + 1))
    }
  }

  #header() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#34': '"', '#39': "'", '#43': '+' }

function attribute(tag, name) {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`, 'i').exec(tag)
  return found?.[1].replace(/&(#?\w+);/g, (whole, entity) => entities[entity] ?? whole)
}
