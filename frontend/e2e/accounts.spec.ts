// Sessions and accounts of the harness, as somebody who runs a server has them.
import AxeBuilder from '@axe-core/playwright'
import { openStudio, picture, signIn } from './debug-project'
import { expect, flowPage, test } from './studio'

test('a session is logged out; an account is switched off and on; its app shows a code', async ({ page, studio }) => {
  await openStudio(page, studio)
  const go = (name: string) => page.getByRole('navigation').getByRole('button', { name: new RegExp(`^${name}`) }).click()
  await signIn(page)
  await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  await go('Sessions')
  const session = page.getByRole('table', { name: 'Sessions' }).getByRole('row', { name: /Ada Lovelace/ })
  await session.getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByText('Ada Lovelace is signed out')).toBeVisible()
  await expect(session).toHaveCount(0)

  await test.step('who is switched off cannot sign in', async () => {
    await go('Users')
    await page.getByRole('button', { name: 'Deactivate Ada Lovelace' }).click()
    const row = page.getByRole('row', { name: /Ada Lovelace/ })
    await expect(row.getByText('deactivated')).toBeVisible()
    await go('Flows')
    await page.keyboard.press('F5')
    await expect(flowPage(page).getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await page.getByRole('button', { name: 'Fill in Ada Lovelace' }).click()
    await flowPage(page).getByRole('button', { name: 'Continue' }).click()
    await expect(flowPage(page).getByText('The sign-in details are not right.')).toBeVisible()
    await go('Users')
    await page.getByRole('button', { name: 'Activate Ada Lovelace' }).click()
    await expect(row.getByText('active', { exact: true })).toBeVisible()
  })

  await test.step('the code of an app signs in', async () => {
    await page.getByRole('button', { name: 'Show the code of Grace Hopper’s app' }).click()
    const shown = page.getByRole('group', { name: 'Code of Grace Hopper’s app' })
    await expect(shown).toContainText(/\d{3} \d{3}/)
    await picture(page, 'users-code')
    const found = await new AxeBuilder({ page }).include('main').analyze()
    expect(found.violations).toEqual([])
    const code = (await shown.locator('code').innerText()).replace(' ', '')
    await go('Flows')
    await page.keyboard.press('F5')
    await expect(flowPage(page).getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await page.getByRole('button', { name: 'Fill in Grace Hopper' }).click()
    await flowPage(page).getByRole('button', { name: 'Continue' }).click()
    await flowPage(page).getByRole('button', { name: 'Use my authenticator app' }).click()
    await flowPage(page).getByRole('textbox', { name: 'Code' }).fill(code)
    await flowPage(page).getByRole('textbox', { name: 'Code' }).press('Enter')
    await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  })

  await test.step('everything ends for who is deactivated', async () => {
    await go('Sessions')
    await picture(page, 'sessions')
    await page.getByRole('button', { name: 'Deactivate Grace Hopper' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click()
    await expect(page.getByText('Nobody is signed in')).toBeVisible()
  })
})
