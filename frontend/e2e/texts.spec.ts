// Files that are written as text: the world, clients, texts for people.
import AxeBuilder from '@axe-core/playwright'
import { openStudio, picture, signIn } from './debug-project'
import { expect, flowPage, saved, test } from './studio'

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    test('somebody is added to the world, and signs in', async ({ page, studio }) => {
      await openStudio(page, studio)
      await page.getByRole('navigation').getByRole('button', { name: 'Users' }).click()
      await page.getByRole('button', { name: 'Edit world.yaml' }).click()
      const editor = page.getByRole('textbox', { name: 'Text of world.yaml' })
      await expect(editor).toContainText('people:')
      await editor.getByText('people:', { exact: true }).click()
      await page.keyboard.press('End')
      await page.keyboard.insertText('\n  - {id: usr_joan, name: Joan Clarke, email: joan@example.com, password: hut-eight-bletchley}')
      await saved(page)
      await picture(page, `texts-world-${colorScheme}`)
      const found = await new AxeBuilder({ page }).include('.side').include('main').analyze()
      expect(found.violations).toEqual([])
      await page.getByRole('navigation').getByRole('button', { name: 'Flows' }).click()
      await page.getByRole('tab', { name: /Login/ }).click()
      await page.keyboard.press('F5')
      await expect(flowPage(page).getByRole('heading', { name: 'Sign in' })).toBeVisible()
      await page.getByRole('button', { name: 'Fill in Joan Clarke' }).click()
      await flowPage(page).getByRole('button', { name: 'Continue' }).click()
      await expect(page.getByTestId('run-state')).toContainText('Succeeded')
    })
  })
}

test('what cannot be read is a problem, and the harness goes on with what it had', async ({ page, studio }) => {
  await openStudio(page, studio)
  await page.keyboard.press('Control+p')
  await page.getByRole('combobox', { name: 'Go to' }).fill('world.yaml')
  await page.keyboard.press('Enter')
  const editor = page.getByRole('textbox', { name: 'Text of world.yaml' })
  await editor.getByText('people:', { exact: true }).click()
  await page.keyboard.press('End')
  await page.keyboard.insertText('\n  - {id: [')
  await saved(page)
  await page.getByRole('toolbar', { name: 'Panels' }).getByRole('button', { name: /Problems/ }).click()
  await expect(page.getByText(/world\.yaml/).first()).toBeVisible()
  await expect(page.getByText('The harness goes on with what it had before.').first()).toBeVisible()
  await page.getByRole('navigation').getByRole('button', { name: 'Flows' }).click()
  await page.getByRole('tab', { name: /Login/ }).click()
  await signIn(page)
  await expect(page.getByTestId('run-state')).toContainText('Succeeded')
})

test('a language more, and a test as text', async ({ page, studio }) => {
  await openStudio(page, studio)
  await page.getByRole('navigation').getByRole('button', { name: 'Pages' }).click()
  await page.getByRole('button', { name: 'New language' }).click()
  const dialog = page.getByRole('dialog', { name: 'New language' })
  await dialog.getByLabel('Language tag').fill('French')
  await expect(dialog.getByText('A language tag is like')).toBeVisible()
  await dialog.getByLabel('Language tag').fill('fr')
  await dialog.getByRole('button', { name: 'Create' }).click()
  const editor = page.getByRole('textbox', { name: 'Text of labels/fr.json' })
  await editor.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText('{"page.sign_in.title": "Connexion"}')
  await saved(page)
  await page.getByRole('button', { name: 'sign_in.html' }).click()
  await page.getByLabel('Language', { exact: true }).selectOption({ label: 'French' })
  await expect(page.frameLocator('iframe[title="Preview of pages/sign_in.html"]').getByRole('heading', { name: 'Connexion' })).toBeVisible()
  await picture(page, 'texts-french')

  await page.getByRole('navigation').getByRole('button', { name: 'Tests' }).click()
  await page.getByRole('button', { name: 'Edit scenarios/account.yaml' }).click()
  await expect(page.getByRole('textbox', { name: 'Text of scenarios/account.yaml' })).toContainText('scenarios:')
})
