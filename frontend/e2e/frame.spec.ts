// The page of a flow beside the graph: whatever a template holds, nothing of it
// runs; and what a person does in it reaches the user agent in Go.
import type { Page } from '@playwright/test'
import { card, expect, flowPage, test } from './studio'

/** Shows a page in the panel as if the flow had served it, and keeps what is asked of Go. */
async function show(page: Page, url: string, html: string): Promise<{ method: string; args: unknown }[]> {
  const asked: { method: string; args: unknown }[] = []
  await page.route('**/api/call/browser.*', async (route) => {
    const method = route.request().url().split('/').pop() ?? ''
    if (method === 'browser.get') {
      const view = { seq: 1, url: 'http://127.0.0.1:9/fl/page', status: 200, title: 'Page', html, loading: false, can_go_back: false }
      await route.fulfill({ json: { result: view } })
      return
    }
    asked.push({ method, args: route.request().postDataJSON() as unknown })
    await route.fulfill({ json: { result: null } })
  })
  await page.goto(url)
  await expect(card(page, 'sign_in')).toBeVisible()
  await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name: 'Browser' }).click()
  return asked
}

const hostile = `<!doctype html><html><head><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/">
<script>parent.hacked = 'script'; parent.go && parent.go.desktop.Bridge.Call('x')</script><link rel="preload" href="https://evil.example/x" as="script"></head>
<body onload="parent.hacked='onload'"><h1>Hostile</h1>
<img src="https://evil.example/pixel.png" onerror="parent.hacked='onerror'"><svg onload="parent.hacked='svg'"><a xlink:href="javascript:parent.hacked='svg link'"><text y="20">svg</text></a></svg>
<iframe srcdoc="<script>parent.parent.hacked='nested'</script>"></iframe><object data="javascript:parent.hacked='object'"></object>
<a id="js" href="javascript:parent.hacked='link'">javascript</a> <a id="out" href="/elsewhere" target="_top">elsewhere</a>
<form action="javascript:parent.hacked='form'"><button id="jsform">javascript form</button></form>
<form id="own" method="post" action="/api/call/project.close"><input name="a" value="1"><button id="send" name="b" value="2" formaction="/two">send</button></form>
<style>body{background:url(https://evil.example/css)}</style></body></html>`

test('a hostile page runs nothing, fetches nothing, and leaves for nowhere', async ({ page, studio }) => {
  await studio.start()
  const outside = new Set<string>()
  page.on('request', (request) => {
    if (!request.url().startsWith('http://127.0.0.1') && !/^(about|data|blob):/.test(request.url())) outside.add(request.url())
  })
  // What the content policy stops never leaves the browser.
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText === 'csp') outside.delete(request.url())
  })
  const calls: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/api/call/')) calls.push(request.url().split('/').pop() ?? '')
  })
  const asked = await show(page, studio.url, hostile)
  const frame = flowPage(page)
  await expect(frame.getByRole('heading', { name: 'Hostile' })).toBeVisible()
  const box = page.locator('iframe[title^="Page of the flow"]')
  await expect(box).toHaveAttribute('sandbox', 'allow-same-origin allow-forms')

  await frame.locator('#js').click({ force: true })
  await frame.locator('#jsform').click()
  await frame.getByText('svg', { exact: true }).click({ force: true })
  await page.waitForTimeout(300)
  expect(await page.evaluate(() => (window as unknown as { hacked?: string }).hacked)).toBeUndefined()
  await expect(frame.getByRole('heading', { name: 'Hostile' })).toBeVisible()

  // Links and forms are told to Go, resolved against the page's own base; no other way out.
  await frame.locator('#out').click()
  await expect.poll(() => asked.at(-1)).toEqual({ method: 'browser.open', args: { url: 'https://evil.example/elsewhere' } })
  await frame.locator('#send').click()
  await expect.poll(() => asked.at(-1)).toEqual({
    method: 'browser.submit',
    args: { action: 'https://evil.example/two', method: 'post', fields: [['a', '1'], ['b', '2']] },
  })
  expect([...outside]).toEqual([])
  expect(calls).not.toContain('project.close')
  expect(page.url().startsWith('http://127.0.0.1')).toBe(true)
})

const form = `<!doctype html><body><h1>Form</h1><form method="post" action="/fl/page?x=1"><input type="hidden" name="ticket" value="t1">
<input name="name" required><input type="password" name="secret"><input type="checkbox" name="both" value="1" checked><input type="checkbox" name="both" value="2" checked>
<button name="go" value="on">Send</button></form><button form="late" formaction="/late">Outside</button><form id="late"></form></body>`
const sent = {
  method: 'browser.submit',
  args: {
    action: 'http://127.0.0.1:9/fl/page?x=1',
    method: 'post',
    fields: [['ticket', 't1'], ['name', 'Ädä & co'], ['secret', 'p+w=%'], ['both', '1'], ['both', '2'], ['go', 'on']],
  },
}

for (const way of ['listening', 'native'] as const) {
  test(`a form is told to Go as it was filled in (${way})`, async ({ page, studio }) => {
    await studio.start()
    if (way === 'native') {
      // As in WebKit, where no listener of the studio is called inside the frame.
      await page.addInitScript(() => {
        const add = Object.getOwnPropertyDescriptor(EventTarget.prototype, 'dispatchEvent')?.value as (event: Event) => boolean
        EventTarget.prototype.dispatchEvent = function (event: Event) {
          return event.type === 'authflow-probe' ? true : add.call(this, event)
        }
      })
    }
    const asked = await show(page, studio.url, form)
    const frame = flowPage(page)
    // The page's own validation holds.
    await frame.getByRole('button', { name: 'Send' }).click()
    await page.waitForTimeout(200)
    expect(asked).toEqual([])
    await frame.locator('input[name=name]').fill('Ädä & co')
    await frame.locator('input[name=secret]').fill('p+w=%')
    await frame.locator('input[name=secret]').press('Enter')
    await expect.poll(() => asked).toEqual([sent])
    if (way === 'listening') {
      await expect(frame.getByRole('heading', { name: 'Form' })).toBeVisible()
      await frame.getByRole('button', { name: 'Outside' }).click()
      await expect.poll(() => asked.at(-1)).toEqual({ method: 'browser.submit', args: { action: 'http://127.0.0.1:9/late', method: 'get', fields: [] } })
    }
  })
}

test('a wrong password, and keys of the studio inside the page', async ({ started: page }) => {
  await page.keyboard.press('F5')
  const frame = flowPage(page)
  await expect(frame.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await frame.getByLabel('Email or user name').fill('ada')
  await frame.getByLabel('Password').fill('wrong')
  await frame.getByLabel('Password').press('Enter')
  await expect(frame.getByText(/not right|incorrect|wrong|do not match|did not/i).first()).toBeVisible()
  await frame.getByLabel(/Password/).first().press('F6')
  await page.getByRole('button', { name: 'Fill in Alan Turing' }).click()
  await frame.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByTestId('run-state')).toContainText('Paused')
})
