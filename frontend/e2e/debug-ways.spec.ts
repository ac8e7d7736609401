// Ways through a run besides the common ones: stopped by an error and by the end
// of a time-out, back to the breakpoint before, on to a chosen block, out of a
// page that waits, back to a frame of the stack, and a recording on today's flow.
import { command, find, GRADE, openStudio, panel, pausedAt, picture, signIn, values } from './debug-project'
import { expect, flowPage, inspector, saved, test } from './studio'

test('stops on an error and on a time-out, with the words for each', async ({ page, studio }) => {
  await openStudio(page, studio)
  studio.write('actions/grade.js', GRADE.replace("api.log('info', 'graded', { grade })", "throw new Error('the register is closed')"))
  await panel(page, 'Debug')
  const list = page.getByRole('region', { name: 'Breakpoints' })
  await list.getByRole('checkbox', { name: 'error' }).check()
  await signIn(page)
  await expect(page.getByTestId('run-state')).toContainText('the register is closed')
  await expect(page.getByTestId('run-state')).toContainText('Paused')
  await picture(page, 'debug-error')
  await page.keyboard.press('Shift+F5')

  await test.step('time', async () => {
    await list.getByRole('checkbox', { name: 'error' }).uncheck()
    await list.getByRole('checkbox', { name: 'time-out' }).check()
    studio.write('actions/grade.js', GRADE.replace("api.log('info', 'graded', { grade })", 'for (;;) {}'))
    await signIn(page)
    await expect(page.getByTestId('run-state')).toContainText('Time was over at grade', { timeout: 20_000 })
    await expect(page.getByTestId('run-state')).toContainText('Paused')
  })
})

test('on to a chosen block, back to the breakpoint before, and to a frame of the stack', async ({ page, studio }) => {
  await openStudio(page, studio)
  await find(page, 'risk')
  await page.keyboard.press('F9')
  await signIn(page)
  await pausedAt(page, 'before risk')
  await find(page, 'policy')
  await page.keyboard.press('Control+F10')
  await pausedAt(page, 'before policy')

  await test.step('back', async () => {
    await page.keyboard.press('Alt+F5')
    await pausedAt(page, 'before risk')
    await expect(values(page).getByRole('treeitem', { name: 'risk', exact: true })).toHaveCount(0)
  })

  await test.step('a frame of the stack is begun again', async () => {
    await page.keyboard.press('F10')
    await pausedAt(page, 'before check')
    await page.keyboard.press('F11')
    await pausedAt(page, 'before grade')
    const stack = page.getByRole('region', { name: 'Call stack' })
    await expect(stack).toContainText('login')
    await picture(page, 'debug-frames')
    await stack.getByRole('button', { name: 'Back to before check in login' }).click()
    await pausedAt(page, 'before check')
  })
})

test('a run that waits for the person is paused, and watched expressions are of the moment looked at', async ({ page, studio }) => {
  await openStudio(page, studio)
  await page.keyboard.press('F5')
  await expect(flowPage(page).getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await panel(page, 'Debug')
  await expect(page.getByTestId('run-state')).toContainText('Waiting')
  await page.keyboard.press('F6')
  await page.getByRole('button', { name: 'Fill in Ada Lovelace' }).click()
  await flowPage(page).getByRole('button', { name: 'Continue' }).click()
  await pausedAt(page, 'before sign_in')

  const watches = page.getByRole('region', { name: 'Watches' })
  await watches.getByRole('button', { name: 'Watch an expression' }).click()
  await watches.getByRole('textbox', { name: 'Expression to watch' }).fill('has(step.risk)')
  await page.keyboard.press('Enter')
  const watched = watches.getByRole('group', { name: 'Value of has(step.risk)' })
  await expect(watched).toHaveText('false')
  await page.keyboard.press('F5')
  await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  await panel(page, 'Timeline')
  const steps = page.getByRole('list', { name: 'Steps of the run' })
  await steps.getByRole('button', { name: /^policy/ }).click()
  await panel(page, 'Debug')
  await expect(watched).toHaveText('true')
  await panel(page, 'Timeline')
  await steps.getByRole('button', { name: /^risk/ }).click()
  await panel(page, 'Debug')
  await expect(watched).toHaveText('false')
  await picture(page, 'debug-watch-past')
})

test('a recording replays on the flow as it is today, and says where it leaves the road', async ({ page, studio }) => {
  await openStudio(page, studio)
  await signIn(page)
  await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  const download = page.waitForEvent('download')
  await command(page, 'Keep as recording…')
  await page.getByRole('button', { name: 'Save file' }).click()
  await (await download).saveAs(`${studio.home}/today.afrun.json`)
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click()

  const replay = async () => {
    await command(page, 'Replay a recording…')
    await page.getByRole('dialog').getByLabel('Recording', { exact: true }).setInputFiles(`${studio.home}/today.afrun.json`)
    await page.getByRole('dialog').getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Replay', exact: true }).click()
    await pausedAt(page, 'before sign_in')
    await page.keyboard.press('F5')
  }
  await test.step('a label changes no road', async () => {
    await find(page, 'department')
    if (!(await inspector(page).isVisible())) await page.keyboard.press('Control+i')
    await inspector(page).getByLabel('Label').fill('Where they work')
    await page.keyboard.press('Tab')
    await saved(page)
    await replay()
    await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  })

  await test.step('a block that is gone does', async () => {
    await find(page, 'check')
    await page.keyboard.press('Control+Delete')
    await saved(page)
    await replay()
    await expect(page.getByTestId('run-state')).toContainText('The flow leaves the recording at entry')
    await picture(page, 'debug-diverged')
  })
})
