// A flow beside an earlier version of itself: what changed is in words and on the
// canvas, and one change is taken back.
import AxeBuilder from '@axe-core/playwright'
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type Studio } from './studio'

const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

function git(studio: Studio, ...args: string[]): void {
  const done = spawnSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false', ...args], { cwd: studio.dir, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr}`)
}

/** Commits the project, then removes a block, adds one and changes a setting. */
function edited(studio: Studio): void {
  git(studio, 'init', '-q', '-b', 'main')
  git(studio, 'add', '.')
  git(studio, 'commit', '-q', '-m', 'The first version')
  const flow = studio.flow()
  const last = Object.keys(flow.blocks).find((id) => flow.blocks[id]!.type === 'set_custom_claim')!
  const gone = flow.blocks[last]!
  const to = Object.values(gone.next!)[0]!
  for (const block of Object.values(flow.blocks)) {
    for (const [port, at] of Object.entries(block.next ?? {})) if (at === last) block.next![port] = 'tag'
  }
  delete flow.blocks[last]
  flow.blocks.tag = { type: 'set_value', stage: gone.stage, config: { values: { kind: 'person' } }, next: { next: to } }
  studio.write('flows/login.json', JSON.stringify({ ...flow, name: 'Sign in' }, null, 2))
}

test('a flow is compared with its last commit, and a change is taken back', async ({ page, studio }) => {
  edited(studio)
  await studio.start()
  await page.goto(studio.url)
  await expect(page.locator('.card').first()).toBeVisible()
  const branch = page.getByTestId('git-state')
  await expect(branch).toContainText('main')
  await expect(branch).toContainText('1')

  await page.keyboard.press('Control+K')
  await page.keyboard.type('compare this flow')
  await page.keyboard.press('Enter')
  const versions = page.getByRole('dialog', { name: 'Compare with' })
  await expect(versions.getByRole('option', { name: /The first version/ })).toBeVisible()
  await page.keyboard.press('Enter')

  const changes = page.getByRole('region', { name: 'Changes' })
  await expect(changes.getByText(/the block tag \(set_value\) is new/)).toBeVisible()
  await expect(changes.getByText(/name is "Sign in" now/)).toBeVisible()
  await changes.getByText(/the block tag/).click()
  await expect(page.locator('.card.cmp-added')).toHaveCount(1)
  await changes.getByText(/the block department/).click()
  await expect(page.locator('.card.ghost')).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (out) await page.screenshot({ path: join(out, `compare-${colorScheme}.png`) })
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze()
    expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]?.target.join(' ')}`)).toEqual([])
  }

  await changes.getByRole('button', { name: /Take back: login: name is/ }).click()
  await expect(changes.getByText(/name is "Sign in" now/)).toHaveCount(0)
  await expect.poll(() => (studio.flow() as unknown as { name: string }).name).toBe('Login')
  await page.keyboard.press('Control+Z')
  await expect(changes.getByText(/name is "Sign in" now/)).toBeVisible()

  await page.getByRole('button', { name: 'Stop comparing' }).click()
  await expect(page.locator('.card.cmp-added')).toHaveCount(0)
  await expect(page.locator('.card.ghost')).toHaveCount(0)
})

test('a bundle that cannot be read says why', async ({ page, studio }) => {
  await studio.start()
  await page.goto(studio.url)
  await expect(page.locator('.card').first()).toBeVisible()
  await page.keyboard.press('Control+K')
  await page.keyboard.type('compare this flow')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Compare with' }).getByRole('option', { name: /A bundle/ }).click()
  await page.getByLabel('File of the bundle').fill('/nowhere/x.afb')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: '/nowhere/x.afb' })).toBeVisible()
})
