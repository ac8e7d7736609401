// Flows that were written for Agama become a project: from the gallery, and from
// the palette while another project is open.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { card, expect, test, type Studio } from './studio'

const out = process.env.AUTHFLOW_E2E_OUT
const picture = async (page: Page, name: string) => {
  if (out) await page.screenshot({ path: join(out, `${name}.png`) })
}

const flow = `Flow org.orchard.Gate
    Basepath "gate"
    Timeout 120 seconds

Repeat 3 times max
    typed = RRF "enter.ftlh"
    known = Call org.orchard.People#find typed.name
    Quit When known is true
Finish typed.name
`

function sources(studio: Studio): string {
  const folder = join(studio.home, 'downloads')
  mkdirSync(folder)
  writeFileSync(join(folder, 'gate.flow'), flow)
  writeFileSync(join(folder, 'broken.flow'), flow.replace('is true', 'equals true'))
  return folder
}

test('from the gallery: a file is chosen, refused, another one imported, and what is left to do is told', async ({ page, studio }) => {
  const folder = sources(studio)
  await studio.start(null)
  await page.goto(studio.url)
  await page.getByRole('button', { name: 'Import from Agama…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import an Agama project' })
  await dialog.getByRole('button', { name: 'Choose a file…' }).click()
  const files = page.getByRole('dialog', { name: 'Choose a .gama archive or a .flow file' })
  await files.getByRole('button', { name: 'downloads' }).click()
  await files.getByRole('button', { name: 'broken.flow' }).click()
  await expect(dialog.getByLabel('Name of the folder')).toHaveValue('broken')
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('broken.flow:8:21: "is" is expected here, and not "equals"')

  await dialog.getByLabel('File', { exact: true }).fill(join(folder, 'gate.flow'))
  await dialog.getByLabel('Name of the folder').fill('orchard')
  await picture(page, 'import-dialog')
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  const report = page.getByRole('dialog', { name: 'Imported: gate' })
  await expect(report.getByRole('heading', { name: 'To do (3)' })).toBeVisible()
  await expect(report).toContainText('gate.flow:7:5')
  await expect(report).toContainText('use the block identity_lookup')
  await picture(page, 'import-report')
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'import-report-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await report.getByRole('button', { name: 'Go to the project' }).click()
  await expect(card(page, 'find')).toBeVisible()
  await expect(card(page, 'not_proven')).toBeVisible()
  await picture(page, 'import-project')
})

test('from the palette, while a project is open', async ({ page, studio }) => {
  const folder = sources(studio)
  await studio.start()
  await page.goto(studio.url)
  await expect(card(page, 'sign_in')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+k')
  await page.keyboard.type('agama')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Import an Agama project' })
  await dialog.getByLabel('File', { exact: true }).fill(join(folder, 'gate.flow'))
  await dialog.getByLabel('Name of the folder').fill('acme')
  await dialog.getByLabel('In the folder').fill(studio.home)
  await dialog.getByLabel('File', { exact: true }).press('Enter')
  // The folder of the open project is not empty, and stays as it is.
  await expect(dialog.getByRole('alert')).toContainText('the folder is not empty')
  await dialog.getByLabel('Name of the folder').fill('orchard')
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('button', { name: 'Go to the project' }).click()
  await expect(card(page, 'find')).toBeVisible()
  expect(studio.flow().start).toBe('sign_in')
})
