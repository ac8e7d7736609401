// The whole way on the starter project: open, drag, configure, stop, sign in,
// look, change, continue, tokens, export.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { card, drag, expect, flowPage, inspector, middle, pointOn, saved, test, wire } from './studio'

/** Where the run leaves its bundle, its keys and its pictures; empty: nowhere. */
const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

async function picture(page: Page, name: string): Promise<void> {
  if (out) await page.screenshot({ path: join(out, `${name}.png`) })
}

test('from an opened project to an exported bundle', async ({ started: page, studio }) => {
  await test.step('drag a decision from the palette onto a connection', async () => {
    await page.getByLabel('Search blocks').fill('if')
    const at = await pointOn(page, 'password:ok', 0.75)
    await drag(page, await middle(page.locator('[data-block="decision"]')), at)
    await expect(card(page, 'decision')).toBeVisible()
    await expect(wire(page, 'password:ok')).toBeAttached()
    await expect(wire(page, 'decision:default')).toBeAttached()
    await page.getByLabel('Search blocks').fill('')
    await saved(page)
    expect(studio.flow().blocks.password?.next?.ok).toBe('decision')
    expect(studio.flow().blocks.decision?.next?.default).toBe('known_device')
  })

  await test.step('configure it in the inspector', async () => {
    const form = inspector(page)
    await form.getByRole('button', { name: 'Add outcome' }).click()
    await form.getByLabel('Outcome', { exact: false }).first().fill('staff')
    await page.keyboard.press('Enter')
    const when = form.getByRole('combobox', { name: 'When' })
    await when.fill('event.user.email.endsWith("@example.com")')
    await page.keyboard.press('Escape')
    await form.getByRole('combobox', { name: 'staff leads to' }).selectOption('known_device')
    await expect(wire(page, 'decision:staff')).toBeAttached()
    await saved(page)
    expect(studio.flow().blocks.decision).toMatchObject({
      type: 'decision',
      config: { rows: [{ port: 'staff', when: 'event.user.email.endsWith("@example.com")' }] },
      next: { staff: 'known_device', default: 'known_device' },
    })
    await expect(page.getByRole('button', { name: '0 errors, 0 warnings' })).toBeVisible()
    await picture(page, 'canvas')
  })

  await test.step('set a breakpoint on risk_evaluate', async () => {
    await page.keyboard.press('Control+Shift+O')
    await page.getByRole('combobox', { name: 'Go to a block' }).fill('risk')
    await page.keyboard.press('Enter')
    await expect(card(page, 'risk')).toHaveClass(/selected/)
    await page.keyboard.press('F9')
    await expect(card(page, 'risk').getByRole('img', { name: 'Breakpoint' })).toBeVisible()
  })

  await test.step('run, and sign in beside the graph', async () => {
    await page.getByRole('toolbar', { name: 'Run' }).getByRole('button', { name: 'Run' }).click()
    const form = flowPage(page)
    await expect(form.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await page.getByRole('button', { name: 'Fill in Ada Lovelace' }).click()
    await form.getByRole('button', { name: 'Continue' }).click()
  })

  await test.step('it stops, and shows the values', async () => {
    await expect(page.getByTestId('run-state')).toContainText('Paused')
    await expect(card(page, 'risk').locator('.card')).toHaveClass(/paused/)
    await expect(card(page, 'decision').locator('.card')).toHaveClass(/visited/)
    const values = page.getByRole('tree', { name: 'Values of the run' })
    await expect(values.getByRole('treeitem', { name: 'branch', exact: true })).toContainText('"staff"')
    await picture(page, 'paused')
  })

  await test.step('step over one block', async () => {
    await page.keyboard.press('F10')
    await expect(card(page, 'policy').locator('.card')).toHaveClass(/paused/)
    await expect(card(page, 'risk').locator('.card')).toHaveClass(/visited/)
  })

  await test.step('change a value', async () => {
    const values = page.getByRole('tree', { name: 'Values of the run' })
    const user = values.getByRole('treeitem', { name: 'event', exact: true })
    await user.getByRole('button', { name: 'Unfold event' }).click()
    await user.getByRole('button', { name: 'Unfold user' }).click()
    await user.getByRole('button', { name: 'Unfold app_metadata' }).click()
    const department = user.getByRole('treeitem', { name: 'department', exact: true })
    await department.scrollIntoViewIfNeeded()
    await department.hover()
    await department.getByRole('button', { name: 'Change event.user.app_metadata.department' }).click()
    await page.getByLabel('New value of event.user.app_metadata.department, as JSON').fill('"Mathematics"')
    await page.keyboard.press('Enter')
    await expect(department).toContainText('"Mathematics"')
  })

  await test.step('continue to the tokens, with the claim', async () => {
    await page.keyboard.press('F5')
    await expect(page.getByTestId('run-state')).toContainText('Succeeded')
    await expect(page.getByText('Signature verified')).toBeVisible()
    const claims = page.getByRole('table', { name: 'Claims of the ID token' })
    await expect(claims.getByRole('row', { name: /^department/ })).toContainText('Mathematics')
    await picture(page, 'tokens')
    await page.getByRole('tab', { name: 'Access token' }).click()
    await expect(page.getByRole('table', { name: 'Claims of the Access token' }).getByRole('row', { name: /^account_kind/ })).toBeVisible()
  })

  await test.step('the session is there', async () => {
    await page.getByRole('navigation').getByRole('button', { name: /Sessions/ }).click()
    await expect(page.getByRole('table', { name: 'Sessions' }).getByRole('row', { name: /Ada Lovelace|ada@example.com/ })).toBeVisible()
  })

  await test.step('export a signed bundle', async () => {
    await page.keyboard.press('Control+e')
    await expect(page.getByText('Ready to export')).toBeVisible()
    await page.getByRole('button', { name: 'Export…' }).click()
    const file = join(studio.home, 'acme.afb')
    await page.getByRole('dialog').getByLabel('File').fill(file)
    await page.getByLabel('Key that signs it').fill(join(studio.home, 'acme.key'))
    await page.getByRole('button', { name: 'New key' }).click()
    await page.getByRole('button', { name: 'Export and sign' }).click()
    await expect(page.getByRole('heading', { name: 'Bundle written' })).toBeVisible()
    await expect(page.getByTestId('export-digest')).not.toBeEmpty()
    expect(existsSync(file)).toBe(true)
    // A server takes it from here (the Go test that signs in with a stock client).
    if (out) {
      for (const name of ['acme.afb', 'acme.key.pub']) copyFileSync(join(studio.home, name), join(out, name))
      copyFileSync(join(studio.dir, 'world.yaml'), join(out, 'world.yaml'))
    }
  })
})
