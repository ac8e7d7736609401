// Outgoing calls in the studio: seen, and answered by a stub from then on.
import AxeBuilder from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from './studio'

const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

test('a call is seen with its answer, and a stub answers the next one', async ({ started: page, studio }) => {
  let asked = 0
  const partner = createServer((_, res) => {
    asked++
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify({ score: 0.25, reasons: ['new device'] }))
  })
  await new Promise<void>((done) => partner.listen(0, '127.0.0.1', done))
  const host = `127.0.0.1:${(partner.address() as AddressInfo).port}`
  studio.write('authflow.json', studio.read('authflow.json').replace('"fast_hashing": true', `"fast_hashing": true, "loopback_hosts": ["${host}"]`))
  studio.write('actions/ask.js', `export default async (event, step, api) => { api.state.set('score', (await (await api.fetch('http://${host}/score?who=ada')).json()).score) }\n`)
  await page.getByRole('navigation', { name: 'Parts of the project' }).getByRole('button', { name: 'Actions' }).click()
  await page.getByRole('button', { name: /ask\.js/ }).first().click()
  const run = page.getByRole('complementary', { name: 'Try it' }).getByRole('button', { name: 'Run' })
  await run.click()
  await expect(page.getByText('0.25').first()).toBeVisible()

  await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name: /HTTP/ }).click()
  const list = page.getByRole('list', { name: 'Outgoing calls' })
  await expect(list.getByRole('button')).toHaveCount(1)
  await expect(page.getByLabel('Answer of the service')).toContainText('new device')
  if (out) await page.screenshot({ path: join(out, 'http.png') })
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  expect(found.violations.map((v) => v.id)).toEqual([])

  await page.getByLabel('and body').fill('{"score": 0.75}')
  await page.getByRole('button', { name: 'Answer with this' }).click()
  await expect(page.getByRole('region', { name: 'Stubs' })).toContainText(`GET http://${host}/score`)
  await run.click()
  await expect(page.getByText('0.75').first()).toBeVisible()
  await expect(list.getByRole('button')).toHaveCount(2)
  expect(asked).toBe(1)

  const before = studio.read('world.yaml')
  await page.getByLabel('Delay').fill('20ms')
  await page.getByRole('button', { name: 'Save to world.yaml', exact: true }).last().click()
  await expect.poll(() => studio.read('world.yaml')).toContain(`http://${host}/score`)
  expect(studio.read('world.yaml').startsWith(before)).toBe(true)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (out) await page.screenshot({ path: join(out, `http-keep-${colorScheme}.png`) })
  }
  await page.reload() // the panel comes back as it was
  await expect(page.getByRole('region', { name: 'Stubs' })).toContainText(`http://${host}/score`)
  partner.close()
})
