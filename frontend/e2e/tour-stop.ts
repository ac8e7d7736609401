// A stop of the tour: a picture for the guide when pictures are asked for, and
// the look of the screen in both themes, held against the one that is kept.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { boxFont } from './box-font'
import { smallPng } from './small-png'

/** Where pictures for the guide go; empty: none are made. */
const guide = process.env.AUTHFLOW_GUIDE_OUT ?? ''
if (guide) mkdirSync(guide, { recursive: true })

type Scheme = 'light' | 'dark'

async function still(page: Page, scheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  await page.mouse.move(640, 4)
}

/** Makes the picture `name` of the guide. */
export async function picture(page: Page, name: string, scheme: Scheme = 'light'): Promise<void> {
  await still(page, scheme)
  const whole = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  if (guide) writeFileSync(join(guide, `${name}.png`), await smallPng(page, whole, 1280, 800, 4))
  await still(page, 'light')
}

const boxes = `@font-face { font-family: Box; src: url(${boxFont()}) }
* { font-family: Box !important; font-kerning: none !important; font-variant-ligatures: none !important; letter-spacing: 0 !important }`

/** Holds the screen against how it looked before, in both themes. */
export async function look(page: Page, name: string): Promise<void> {
  const style = await page.addStyleTag({ content: boxes })
  await page.evaluate(() => document.fonts.load('12px Box'))
  for (const scheme of ['light', 'dark'] as const) {
    await still(page, scheme)
    await expect(async () => {
      expect(await shot(page)).toMatchSnapshot(`${name}-${scheme}.png`, { maxDiffPixelRatio: 0.0005, threshold: 0.1 })
    }).toPass({ timeout: 10_000 })
  }
  await style.evaluate((element) => (element as unknown as HTMLElement).remove())
  await still(page, 'light')
}

/** What is as long as it happens to be: pages with fonts of their own, how long a test took, what counts down. */
const varying = 'iframe, .filed-row .num, table[aria-label="Sessions"] .num'

/** The screen as it stands still, small. */
async function shot(page: Page): Promise<Buffer> {
  let before = ''
  for (let turn = 0; turn < 12; turn++) {
    const whole = await page.screenshot({ animations: 'disabled', caret: 'hide', mask: [page.locator(varying)], maskColor: '#888888' })
    const now = whole.toString('base64')
    if (now === before) break
    before = now
  }
  return smallPng(page, Buffer.from(before, 'base64'), 480, 300, 16)
}
