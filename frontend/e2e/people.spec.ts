// The page on which testers pick who to be: clean for axe in both themes and
// languages, and done by the keyboard alone.
import AxeBuilder from '@axe-core/playwright'
import { control, expect, test } from './harness'

for (const [scheme, locale, title, real] of [
  ['light', 'en-GB', 'Sign in as…', 'Use the real flow'],
  ['dark', 'de-DE', 'Anmelden als …', 'Den echten Ablauf nehmen'],
] as const) {
  test.describe(`${scheme}, ${locale}`, () => {
    test.use({ colorScheme: scheme, locale })

    test('somebody is picked by the keyboard', async ({ page, running }) => {
      await control(running, 'PUT', '/personas', { on: true })
      await page.goto(`${running.demo_url}/login?prompt=login`)
      await expect(page.getByRole('heading', { name: title })).toBeVisible()
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([])
      await page.keyboard.press('Tab')
      await page.keyboard.press('ArrowDown') // aal2
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await expect(page.getByRole('button', { name: /Grace Hopper/ })).toBeFocused()
      await page.keyboard.press('Enter')
      await expect(page).toHaveURL(/\/demo\/callback/)
      await expect(page.getByText('usr_grace').first()).toBeVisible()
      const { sessions } = await control<{ sessions: { user_id: string; aal: string; amr: string[] }[] }>(running, 'GET', '/sessions')
      expect(sessions).toMatchObject([{ user_id: 'usr_grace', aal: 'aal2', amr: ['persona'] }])

      await page.goto(`${running.demo_url}/login?prompt=login`)
      await page.getByRole('button', { name: real }).click()
      await expect(page).toHaveURL(/\/fl\/sign_in/)
    })
  })
}
