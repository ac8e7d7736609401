// A studio in another language: every text of the screens comes from the
// dictionary. The language here is one that nobody speaks, with brackets.
import { picture } from './debug-project'
import { card, expect, test } from './studio'

test('what the screens say can be said in another language', async ({ page, studio }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'languages', { get: () => ['qps'] }))
  await studio.start()
  await page.goto(studio.url)
  await expect(card(page, 'sign_in')).toBeVisible()
  for (const menu of await page.getByRole('menubar').getByRole('menuitem').all()) await expect(menu).toHaveText(/^⟦.*⟧$/)
  for (const part of await page.getByRole('navigation').getByRole('button').all()) await expect(part).toContainText(/⟦.*⟧/)
  for (const name of await page.getByRole('toolbar', { name: '⟦Panels⟧' }).getByRole('button').all()) expect(await name.innerText()).toMatch(/^(⟦.*⟧.*|)$/s)
  await page.keyboard.press('Control+k')
  const commands = page.getByRole('listbox').getByRole('option')
  await expect(commands.first()).toBeVisible()
  for (const words of await commands.allInnerTexts()) expect(words).toMatch(/⟦/)
  await picture(page, 'language')
})
