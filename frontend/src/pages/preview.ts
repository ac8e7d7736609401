// A page that Go has rendered, made fit to be looked at: it runs nothing, leads
// nowhere, and takes nothing from anywhere.

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'"

export function inert(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  for (const element of page.querySelectorAll('script, iframe, object, embed, base, meta[http-equiv]')) element.remove()
  for (const link of page.querySelectorAll('a[href], area[href]')) link.setAttribute('href', '#')
  const policy = page.createElement('meta')
  policy.setAttribute('http-equiv', 'Content-Security-Policy')
  policy.setAttribute('content', POLICY)
  page.head.prepend(policy)
  return `<!doctype html>${page.documentElement.outerHTML}`
}
