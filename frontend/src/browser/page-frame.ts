// A flow's page made fit for a frame that runs no scripts. What would leave the
// page (links, forms) is led to /frame.html with a token instead; the studio
// knows what each token means and tells the user agent in Go.
//
// The frame is sandboxed without allow-scripts in every engine. Where the engine
// still lets the studio listen inside it, a submit is caught before it leaves;
// where not (WebKit), the frame goes to /frame.html, and its address says what
// was filled in. Both end in the same move.

export type Move = { kind: 'open'; url: string } | { kind: 'submit'; action: string; method: string }

export interface FramePage {
  srcdoc: string
  moves: Map<string, Move>
}

const FRAME_URL = '/frame.html'
export const SANDBOX = 'allow-same-origin allow-forms'

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:"
const FORBIDDEN = 'script, iframe, frame, frameset, object, embed, applet, portal, base, link[rel~="import"], link[rel~="preload"], link[rel~="prefetch"], meta[http-equiv]'

/** Prepares a page; `url` is where it came from. */
export function framePage(html: string, url: string): FramePage {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const base = resolve(page.querySelector('base[href]')?.getAttribute('href') ?? '', url) ?? url
  for (const element of page.querySelectorAll(FORBIDDEN)) element.remove()
  const moves = new Map<string, Move>()
  const token = (move: Move) => {
    const id = `m${moves.size}`
    moves.set(id, move)
    return `${FRAME_URL}#${id}`
  }
  for (const element of page.querySelectorAll('*')) disarm(element)
  for (const link of page.querySelectorAll('a[href], area[href]')) leadLink(link, base, token)
  for (const form of page.querySelectorAll('form')) leadForm(form, base, token)
  const policy = page.createElement('meta')
  policy.setAttribute('http-equiv', 'Content-Security-Policy')
  policy.setAttribute('content', POLICY)
  page.head.prepend(policy)
  return { srcdoc: `<!doctype html>${page.documentElement.outerHTML}`, moves }
}

function resolve(href: string, base: string): string | null {
  try {
    return new URL(href, base || undefined).href
  } catch {
    return null
  }
}

/** Nothing of it could run; it is taken out all the same. */
function disarm(element: Element): void {
  for (const { name } of [...element.attributes]) {
    if (name.startsWith('on') || name === 'ping' || name === 'srcdoc' || name === 'xlink:href') element.removeAttribute(name)
  }
}

function leadLink(link: Element, base: string, token: (move: Move) => string): void {
  const href = link.getAttribute('href') ?? ''
  if (href.startsWith('#')) return
  const target = resolve(href, base)
  link.removeAttribute('target')
  link.removeAttribute('download')
  if (target && /^https?:/.test(target)) link.setAttribute('href', token({ kind: 'open', url: target }))
  else link.removeAttribute('href')
}

function leadForm(form: HTMLFormElement, base: string, token: (move: Move) => string): void {
  const action = resolve(form.getAttribute('action') ?? '', base) ?? base
  const method = (form.getAttribute('method') ?? 'get').toLowerCase()
  const lead = (element: Element, name: string, move: Move) => {
    element.setAttribute(name, token(move))
  }
  lead(form, 'action', { kind: 'submit', action, method })
  form.setAttribute('method', 'get')
  form.removeAttribute('target')
  form.removeAttribute('enctype')
  // Buttons may stand outside the form that they send.
  for (const button of form.elements) {
    const own = button.getAttribute('formaction')
    const how = button.getAttribute('formmethod')
    if (own === null && how === null) continue
    lead(button, 'formaction', {
      kind: 'submit',
      action: own === null ? action : (resolve(own, base) ?? action),
      method: (how ?? method).toLowerCase(),
    })
    for (const name of ['formmethod', 'formtarget', 'formenctype']) button.removeAttribute(name)
  }
}

/** What a frame's address says: which move, and what was filled in. */
export function moveFromAddress(address: string): { token: string; fields: [string, string][] } | null {
  const url = resolve(address, 'http://frame.invalid')
  if (!url) return null
  const parsed = new URL(url)
  if (parsed.pathname !== FRAME_URL || parsed.hash === '') return null
  return { token: parsed.hash.slice(1), fields: [...parsed.searchParams] }
}

/** The token in an attribute that framePage wrote. */
export function tokenOf(address: string | null): string | null {
  return address?.startsWith(`${FRAME_URL}#`) ? address.slice(FRAME_URL.length + 1) : null
}
