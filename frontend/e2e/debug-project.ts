// The starter with a check in a flow of its own that runs an Action: what the
// tests of the debugger step through.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { card, expect, flowPage, type Studio } from './studio'

export const GRADE = `export default async function (event, step, api) {
  const domain = event.user.email.split('@').pop()
  let staff = domain === 'example.com'
  const grade = rate(staff, event.user.factors.length)
  api.log('info', 'graded', { grade })
  api.state.set('grade', grade)
}

function rate(staff, factors) {
  const points = { staff: staff ? 2 : 0, factors }
  return points.staff + points.factors
}
`

const check = {
  format: 1,
  name: 'Check',
  trigger: 'custom',
  enabled: true,
  subflow_only: true,
  stages: ['check'],
  inputs: { mail: { type: 'string', required: true, description: 'Whose.' } },
  start: 'grade',
  blocks: {
    grade: { type: 'run_custom_action', stage: 'check', config: { action: 'grade.js' }, next: { next: 'checked' } },
    checked: { type: 'finish', stage: 'check' },
  },
}

const layout = { format: 1, blocks: { grade: { x: 56, y: 64 }, checked: { x: 352, y: 64 } } }

interface Wired {
  next?: Record<string, string>
}

/** Puts the check between the risk and the policy of the login. */
export function withCheck(studio: Studio): void {
  const login = JSON.parse(studio.read('flows/login.json')) as { blocks: Record<string, Wired | object> }
  const places = JSON.parse(studio.read('flows/login.layout.json')) as { blocks: Record<string, { x: number; y: number }> }
  login.blocks.risk = { ...login.blocks.risk, next: { next: 'check' } }
  login.blocks.check = { type: 'run_flow', stage: 'post_auth', config: { flow: 'check', inputs: { mail: '{{ event.user.email }}' } }, next: { success: 'policy', failure: 'too_risky', aborted: 'too_risky' } }
  const risk = places.blocks.risk
  if (risk) places.blocks.check = { x: risk.x + 300, y: risk.y - 60 }
  studio.write('flows/login.json', JSON.stringify(login, null, 2))
  studio.write('flows/login.layout.json', JSON.stringify(places, null, 2))
  studio.write('flows/check.json', JSON.stringify(check, null, 2))
  studio.write('flows/check.layout.json', JSON.stringify(layout, null, 2))
  studio.write('actions/grade.js', GRADE)
}

/** Opens the studio on the project with the check. */
export async function openStudio(page: Page, studio: Studio): Promise<void> {
  withCheck(studio)
  await studio.start()
  await page.goto(studio.url)
  await expect(card(page, 'sign_in')).toBeVisible()
}

/** Begins a run and signs in as Ada, whose password is right. */
export async function signIn(page: Page): Promise<void> {
  await page.keyboard.press('F5')
  await expect(flowPage(page).getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('button', { name: 'Fill in Ada Lovelace' }).click()
  await flowPage(page).getByRole('button', { name: 'Continue' }).click()
}

/** The badge over the canvas says where a paused run stands. */
export async function pausedAt(page: Page, where: string): Promise<void> {
  await expect(page.getByRole('toolbar', { name: 'Run' }).getByText(new RegExp(`^(Replay: )?Paused ${where.replace('.', '\\.')}$`))).toBeVisible()
}

/** Selects a block of the flow in front, by its name. */
export async function find(page: Page, block: string): Promise<void> {
  await page.keyboard.press('Control+Shift+O')
  await page.getByRole('combobox', { name: 'Go to a block' }).fill(block)
  await page.keyboard.press('Enter')
  await expect(card(page, block)).toHaveClass(/selected/)
}

/** Runs a command by its title, as somebody at the keyboard does. */
export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Command palette' }).fill(title)
  await expect(page.getByRole('option', { name: title }).first()).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
}

export function panel(page: Page, name: string): Promise<void> {
  return page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name }).click()
}

export function values(page: Page): Locator {
  return page.getByRole('tree', { name: 'Values of the run' })
}

const out = process.env.AUTHFLOW_E2E_OUT ?? ''
if (out) mkdirSync(out, { recursive: true })

/** Leaves a picture where AUTHFLOW_E2E_OUT says. */
export async function picture(page: Page, name: string): Promise<void> {
  if (out) await page.screenshot({ path: join(out, `${name}.png`) })
}
