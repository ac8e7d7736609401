// The past of a run: looked at, compared, gone back to; the edited flow, a file
// that replays, several runs, and a window that is loaded anew.
import { find, openStudio, panel, pausedAt, picture, signIn, values } from './debug-project'
import { card, expect, inspector, saved, test, wire } from './studio'

test('watches and the console compute in the frame that is chosen', async ({ page, studio }) => {
  await openStudio(page, studio)
  await find(page, 'policy')
  await page.keyboard.press('F9')
  await signIn(page)
  await pausedAt(page, 'before policy')
  const watches = page.getByRole('region', { name: 'Watches' })
  for (const expression of ['event.user.email', 'step.risk.score + 1', 'step.nothing.here']) {
    await watches.getByRole('button', { name: 'Watch an expression' }).click()
    await watches.getByRole('textbox', { name: 'Expression to watch' }).fill(expression)
    await page.keyboard.press('Enter')
  }
  await expect(watches.getByRole('group', { name: 'Value of event.user.email' })).toContainText('"ada@example.com"')
  await expect(watches.getByRole('group', { name: 'Value of step.risk.score + 1' })).toContainText(/\d/)
  await expect(watches.getByRole('group', { name: 'Value of step.nothing.here' }).locator('.watch-error')).toBeVisible()

  await test.step('names are offered and taken with Tab', async () => {
    const line = page.getByRole('combobox', { name: 'Evaluate' })
    await line.fill('event.user.em')
    await expect(page.getByRole('listbox', { name: 'Names that fit' }).getByRole('option', { name: 'email', exact: true })).toBeVisible()
    await line.press('Tab')
    await expect(line).toHaveValue(/^event\.user\.email/)
    await line.fill('event.user.email.size()')
    await line.press('Enter')
    await expect(page.getByRole('list', { name: 'Messages' })).toContainText('15')
    await picture(page, 'debug-watches')
  })

  await test.step('they are there after the window is loaded anew, and so is the run', async () => {
    await page.waitForTimeout(500) // settings are written a moment later
    await page.reload()
    await pausedAt(page, 'before policy')
    await expect(watches.getByRole('group', { name: 'Value of event.user.email' })).toContainText('"ada@example.com"')
    await expect(card(page, 'policy').getByRole('img', { name: 'Breakpoint' })).toBeVisible()
    await expect(card(page, 'policy').locator('.card')).toHaveClass(/paused/)
  })
})

test('a moment is looked at, compared, and gone back to with the world', async ({ page, studio }) => {
  await openStudio(page, studio)
  await signIn(page)
  await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  await panel(page, 'Timeline')
  const steps = page.getByRole('list', { name: 'Steps of the run' })
  await steps.getByRole('button', { name: /^risk/ }).click()
  await expect(page.getByText(/Looking at the past: before step \d+, risk in login/)).toBeVisible()
  await expect(card(page, 'risk').locator('.card')).toHaveClass(/current/)
  await expect(wire(page, 'password:ok').locator('.wire')).toHaveClass(/visited/)
  await expect(wire(page, 'risk:next').locator('.wire')).toHaveClass(/dim/)
  await expect(page.getByRole('tree', { name: 'Values as they were' }).getByRole('treeitem', { name: 'risk', exact: true })).toHaveCount(0)
  await picture(page, 'debug-look')

  await test.step('the slider scrubs', async () => {
    await page.getByRole('slider', { name: 'Moment of the run' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect(page.getByRole('slider', { name: 'Moment of the run' })).toHaveAttribute('aria-valuetext', 'before check')
    await page.keyboard.press('ArrowLeft')
    await expect(page.getByRole('slider', { name: 'Moment of the run' })).toHaveAttribute('aria-valuetext', 'before risk')
  })

  await test.step('compared with a later one', async () => {
    await steps.getByRole('button', { name: /^check success/ }).click({ modifiers: ['Shift'] })
    const table = page.getByRole('table', { name: 'What differs' })
    await expect(table.getByRole('row', { name: /added step\.risk/ }).first()).toBeVisible()
    await picture(page, 'debug-compare')
  })

  await test.step('the debug panel says that it shows the past', async () => {
    await panel(page, 'Debug')
    await expect(page.getByRole('status').filter({ hasText: 'Looking at the past: before risk' })).toBeVisible()
    await expect(values(page).getByRole('button', { name: /^Change/ })).toHaveCount(0)
  })

  await test.step('going back undoes what the run did', async () => {
    await page.getByRole('button', { name: 'Go back here…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Go back to before risk' })
    await expect(dialog.getByRole('region', { name: 'What is undone' }).getByRole('listitem').first()).toBeVisible()
    await picture(page, 'debug-back')
    await dialog.getByRole('button', { name: 'Go back here' }).click()
    await pausedAt(page, 'before risk')
    await page.getByRole('navigation').getByRole('button', { name: /Sessions/ }).click()
    await expect(page.getByRole('row', { name: /Ada Lovelace|ada@example.com/ })).toHaveCount(0)
    await page.getByRole('navigation').getByRole('button', { name: 'Flows' }).click()
    await panel(page, 'Timeline')
    const fold = steps.getByRole('button', { name: /\d+ steps left/ })
    await fold.click()
    await expect(fold).toHaveAttribute('aria-expanded', 'true')
    await expect(steps.locator('.step.left').first()).toBeVisible()
  })
})

test('a paused run goes on with the edited flow; its recording replays', async ({ page, studio }) => {
  await openStudio(page, studio)
  await find(page, 'policy')
  await page.keyboard.press('F9')
  await signIn(page)
  await pausedAt(page, 'before policy')
  await find(page, 'department')
  const form = inspector(page)
  if (!(await form.isVisible())) await page.keyboard.press('Control+i')
  await form.getByLabel('Label').fill('Where they work')
  await page.keyboard.press('Tab')
  await saved(page)

  await test.step('first it shows what has changed', async () => {
    await page.getByRole('button', { name: 'Go on with the edited flow…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Go on with the edited flow' })
    await expect(dialog.getByRole('region', { name: 'What has changed' }).getByRole('listitem')).toContainText(/department/)
    await picture(page, 'debug-edited')
    await dialog.getByRole('button', { name: 'Go on with it' }).click()
    await expect(page.getByTestId('run-state')).toContainText('the run goes on with the edited flow')
    await page.keyboard.press('F5')
    await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  })

  await test.step('kept as a file', async () => {
    await panel(page, 'Debug')
    await page.getByRole('button', { name: 'More of the debugger' }).click()
    await page.getByRole('menuitem', { name: 'Keep as recording…' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save file' }).click()
    await (await download).saveAs(`${studio.home}/kept.afrun.json`)
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click()
  })

  await test.step('replayed: it stops at the breakpoint, and nothing can be changed', async () => {
    await page.getByRole('button', { name: 'More of the debugger' }).click()
    await page.getByRole('menuitem', { name: 'Replay a recording…' }).click()
    await page.getByRole('dialog').getByLabel('Recording', { exact: true }).setInputFiles(`${studio.home}/kept.afrun.json`)
    await page.getByRole('button', { name: 'Replay', exact: true }).click()
    await expect(page.getByRole('note')).toContainText('This is a replay of a recording')
    await pausedAt(page, 'before sign_in')
    await page.keyboard.press('F5')
    await pausedAt(page, 'before policy')
    await expect(values(page).getByRole('button', { name: /^Change/ })).toHaveCount(0)
    await expect(page.getByRole('button', { name: 'Leave the block by an outcome…' })).toBeDisabled()
    await picture(page, 'debug-replay')
    await page.keyboard.press('Alt+F10')
    await pausedAt(page, 'before check')
    await page.keyboard.press('F5')
    await pausedAt(page, 'before policy')
    await page.keyboard.press('F5')
    await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  })
})

test('two runs stand side by side; one goes on, the other stays', async ({ page, studio, browser }) => {
  await openStudio(page, studio)
  await find(page, 'policy')
  await page.keyboard.press('F9')
  await signIn(page)
  await pausedAt(page, 'before policy')
  const told = await page.evaluate(async () => {
    const answer = await fetch('/api/call/harness.get', { method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json' }, body: '{}' })
    return ((await answer.json()) as { result: { demo_url: string } }).result
  })
  const own = await browser.newPage()
  await own.goto(`${told.demo_url}/login?prompt=login`)
  await own.getByLabel('Email or user name').fill('grace@acme.example')
  await own.getByLabel('Password').fill('nanosecond-wire')
  await own.getByRole('button', { name: 'Continue' }).click({ noWaitAfter: true })

  const runs = page.getByRole('group', { name: 'Runs side by side' })
  await expect(runs.getByRole('button')).toHaveCount(2)
  await expect(runs.getByRole('button').filter({ hasText: 'policy' })).toHaveCount(2)
  const other = runs.getByRole('button', { pressed: false })
  await other.click()
  await expect(runs.getByRole('button', { pressed: true })).toHaveCount(1)
  const stack = page.getByRole('region', { name: 'Call stack' })
  await expect(stack).toContainText('policy')
  await picture(page, 'debug-two')
  await page.keyboard.press('F10')
  await expect(page.getByRole('toolbar', { name: 'Run' }).getByText(/Paused before (?!policy)/)).toBeVisible()
  await runs.getByRole('button', { pressed: false }).click()
  await pausedAt(page, 'before policy')
  await page.keyboard.press('F5')
  await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  await own.close()
})
