// What people do with a browser in the middle of a sign-in (rules N1 to N8, S3,
// scenario 23): nothing of it moves or harms the run.
import { control, expect, signIn, test } from './harness'

test.beforeEach(async ({ page, running }) => {
  await page.goto(running.demo_url)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await expect(page.locator('form')).toBeVisible()
})

test('the page is at its own address, and a reload shows it again', async ({ page, running }) => {
  expect(page.url()).toBe(`${running.issuer}/fl/sign_in`)
  await page.getByLabel('Email or user name').fill('ada')
  await page.reload()
  await expect(page.getByLabel('Email or user name')).toHaveValue('')
  await signIn(page, 'ada', 'analytical-engine')
  await expect(page.getByRole('heading', { name: 'Signed in as Ada Lovelace' })).toBeVisible()
})

test('the back button shows no past page, and re-sending one changes nothing', async ({ page, running }) => {
  await signIn(page, 'grace', 'nanosecond-wire')
  await expect(page.getByRole('heading', { name: 'Confirm it is you' })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'This is not where you were' })).toBeVisible()
  await page.getByRole('link', { name: 'Go back to where I was' }).click()
  await expect(page.getByRole('heading', { name: 'Confirm it is you' })).toBeVisible()
  expect(page.url()).toBe(`${running.issuer}/fl/mfa/choose`)
})

test('a pasted address of another page, and starting again from there', async ({ page, running }) => {
  await page.goto(`${running.issuer}/fl/mfa/totp`)
  await expect(page.getByRole('heading', { name: 'This is not where you were' })).toBeVisible()
  await page.getByRole('button', { name: 'Start again' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await signIn(page, 'ada', 'analytical-engine')
  await expect(page.getByRole('heading', { name: 'Signed in as Ada Lovelace' })).toBeVisible()
})

test('two tabs: the first submit counts, the other tab can go on', async ({ page, context, running }) => {
  const other = await context.newPage()
  await other.goto(`${running.issuer}/fl/sign_in`)
  await signIn(page, 'grace', 'nanosecond-wire')
  await expect(page.getByRole('heading', { name: 'Confirm it is you' })).toBeVisible()
  await signIn(other, 'ada', 'analytical-engine')
  await expect(other.getByRole('heading', { name: 'This is not where you were' })).toBeVisible()
  await other.getByRole('link', { name: 'Go back to where I was' }).click()
  await expect(other.getByRole('heading', { name: 'Confirm it is you' })).toBeVisible()
})

test('a double submit advances once', async ({ page, running }) => {
  await page.getByLabel('Email or user name').fill('grace')
  await page.getByLabel('Password').fill('nanosecond-wire')
  const body = new URLSearchParams(await page.locator('form').evaluate((f: HTMLFormElement) => [...new FormData(f)].map(([k, v]) => [k, typeof v === 'string' ? v : v.name])))
  const answers = await Promise.all([1, 2, 3].map(() => page.request.post(`${running.issuer}/fl/sign_in`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' }, data: body.toString(), maxRedirects: 0,
  })))
  expect(answers.map((a) => a.status()).sort()).toEqual([303, 404, 404])
  await page.goto(`${running.issuer}/fl/mfa/choose`)
  await expect(page.getByRole('heading', { name: 'Confirm it is you' })).toBeVisible()
})

test('cookies are out of reach of scripts and of other sites', async ({ page, context }) => {
  await signIn(page, 'ada', 'analytical-engine')
  await expect(page.getByRole('heading', { name: 'Signed in as Ada Lovelace' })).toBeVisible()
  const ours = (await context.cookies()).filter((c) => c.name.includes('authflow_'))
  expect(ours.map((c) => c.name.split('_')[1]).sort()).toEqual(expect.arrayContaining(['device', 'session']))
  for (const cookie of ours) expect(cookie, cookie.name).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
  expect(await page.evaluate(() => document.cookie)).not.toContain('authflow_session')
})

test('nothing of a sign-in is kept in the browser', async ({ page }) => {
  const answer = await page.reload()
  expect(answer?.headers()).toMatchObject({ 'cache-control': 'no-store', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' })
})

test('after the time is over the page says so, and starting again works', async ({ page, running }) => {
  await control(running, 'POST', '/clock', { advance: '16m' })
  await signIn(page, 'ada', 'analytical-engine')
  await expect(page.getByRole('heading', { name: 'Time is over' })).toBeVisible()
  await page.getByRole('button', { name: 'Start again' }).click()
  await signIn(page, 'ada', 'analytical-engine')
  await expect(page.getByRole('heading', { name: 'Signed in as Ada Lovelace' })).toBeVisible()
})

test.describe('in German', () => {
  test.use({ locale: 'de-CH' })
  test('the pages speak the browser’s language', async ({ page, running }) => {
    await page.goto(`${running.issuer}/fl/sign_in`)
    await expect(page.getByText('Willkommen zurück')).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  })
})
