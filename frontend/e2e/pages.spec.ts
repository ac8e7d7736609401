// Pages while they are written: how they look to whom, in which language, after
// which answer; a page that blocks bring along is made one's own.
import AxeBuilder from '@axe-core/playwright'
import type { FrameLocator, Page } from '@playwright/test'
import { openStudio, picture, signIn } from './debug-project'
import { expect, saved, test } from './studio'

function preview(page: Page, path: string): FrameLocator {
  return page.frameLocator(`iframe[title="Preview of pages/${path}"]`)
}

async function openPages(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'Pages' }).click()
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    test('a page is seen as the person sees it, while it is written', async ({ page, studio }) => {
      await openStudio(page, studio)
      await openPages(page)
      await page.getByRole('button', { name: 'sign_in.html' }).click()
      const shown = preview(page, 'sign_in.html')
      await expect(shown.getByRole('heading', { name: 'Sign in' })).toBeVisible()
      await expect(shown.getByLabel('Email or user name')).toBeVisible()
      await picture(page, `page-${colorScheme}`)

      await test.step('after a wrong answer, in German', async () => {
        await page.getByLabel('After a wrong answer').check()
        await expect(shown.getByText('Please fill this in.')).toBeVisible()
        await page.getByLabel('Language', { exact: true }).selectOption({ label: 'German' })
        await expect(shown.getByRole('heading', { name: 'Anmelden' })).toBeVisible()
        await picture(page, `page-german-${colorScheme}`)
        const found = await new AxeBuilder({ page }).include('.page-preview').exclude('iframe').analyze()
        expect(found.violations).toEqual([])
      })

      await test.step('what is typed is there at once, and a mistake is said in words', async () => {
        await page.locator('.cm-line').nth(1).click()
        await page.keyboard.press('End')
        await page.keyboard.type('<p>Since {{.Project}}</p>')
        await expect(shown.getByText('Since acme')).toBeVisible()
        await page.keyboard.type('{{.Nowhere')
        await expect(page.getByRole('status').filter({ hasText: 'sign_in.html' })).toContainText('pages/sign_in.html: line 2: bad character')
        await expect(shown.getByText('Since acme')).toBeVisible()
        await picture(page, `page-mistake-${colorScheme}`)
      })
    })
  })
}

test('with the values of the last run', async ({ page, studio }) => {
  await openStudio(page, studio)
  const login = JSON.parse(studio.read('flows/login.json')) as { blocks: Record<string, unknown> }
  login.blocks.sign_in = { ...(login.blocks.sign_in as object), config: { ...((login.blocks.sign_in as { config: object }).config), intro: 'From {{ event.request.ip }}' } }
  studio.write('flows/login.json', JSON.stringify(login, null, 2))
  await signIn(page)
  await expect(page.getByTestId('run-state')).toContainText('Succeeded')
  await openPages(page)
  await page.getByRole('button', { name: 'sign_in.html' }).click()
  const shown = preview(page, 'sign_in.html')
  await expect(shown.locator('.intro')).toHaveText(/^From \d/)
  await page.getByLabel('Values').selectOption({ label: 'sign_in in login, as in the last run' })
  await expect(shown.locator('.intro')).toHaveText('From 127.0.0.1')
})

test('a page that blocks bring along is made one’s own', async ({ page, studio }) => {
  await openStudio(page, studio)
  await openPages(page)
  await page.getByRole('button', { name: 'New page' }).click()
  const dialog = page.getByRole('dialog', { name: 'New page' })
  await dialog.getByLabel('Or change a page that blocks bring along').selectOption('mfa/enroll_totp.html')
  await expect(dialog.getByLabel('Name')).toHaveValue('mfa/enroll_totp')
  await picture(page, 'page-new')
  await dialog.getByRole('button', { name: 'Create' }).click()
  const shown = preview(page, 'mfa/enroll_totp.html')
  await expect(shown.getByRole('heading', { name: 'Add an authenticator app' })).toBeVisible()
  await expect(shown.getByRole('img')).toBeVisible()
  await expect(shown.getByText('JBSW Y3DP')).toBeVisible()
  await saved(page)
  expect(studio.read('pages/mfa/enroll_totp.html')).toContain('{{.Model.qr}}')
  await picture(page, 'page-brought')
})
