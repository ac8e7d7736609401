// Starts the real binary in browser mode on a fresh copy of the starter project,
// and knows how a person finds things in the studio.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test as base, expect, type FrameLocator, type Locator, type Page } from '@playwright/test'

const binary = resolve(process.env.AUTHFLOW_BIN ?? join(import.meta.dirname, '../../.build/authflow'))

export class Studio {
  readonly home = mkdtempSync(join(tmpdir(), 'authflow-e2e-'))
  readonly dir = join(this.home, 'acme')
  /** Where the studio keeps what belongs to the person. */
  readonly config = join(this.home, 'config')
  private child: ChildProcess | undefined
  url = ''

  /** Makes the starter project. */
  make(): void {
    if (!existsSync(binary)) throw new Error(`${binary} is missing: build it, or name it in AUTHFLOW_BIN`)
    const made = spawnSync(binary, ['new', this.dir], { encoding: 'utf8' })
    if (made.status !== 0) throw new Error(`authflow new: ${made.stderr}`)
  }

  /** The person has been here before: no hints stand over what is tried. */
  knowing(): void {
    if (existsSync(this.config)) return
    mkdirSync(this.config)
    writeFileSync(join(this.config, 'studio.json'), JSON.stringify({ settings: { hints: { off: true, seen: [] } } }))
  }

  /** Starts the studio; without a project it shows the gallery. */
  async start(project: string | null = this.dir, addr = '127.0.0.1:0'): Promise<void> {
    const args = ['--browser', '--addr', addr, '--no-open', '--json', ...(project === null ? [] : [project])]
    const child = spawn(binary, args, { env: { ...process.env, AUTHFLOW_CONFIG_DIR: this.config, HOME: this.home }, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child = child
    let errors = ''
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    this.url = await new Promise<string>((done, fail) => {
      let out = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        out += chunk.toString()
        const line = out.split('\n').find((l) => l.startsWith('{'))
        if (line && out.includes('\n')) done((JSON.parse(line) as { url: string }).url)
      })
      child.on('exit', (code) => fail(new Error(`authflow ended with ${code}: ${errors}`)))
    })
  }

  stop(): void {
    this.child?.kill()
    this.child = undefined
  }

  /** Ends the studio as a crash does: it gets to say and write nothing. */
  async crash(): Promise<void> {
    const child = this.child
    this.child = undefined
    if (!child) return
    const gone = new Promise((done) => child.once('exit', done))
    child.kill('SIGKILL')
    await gone
  }

  /** Ends the studio and takes everything it made away. */
  end(): void {
    this.stop()
    rmSync(this.home, { recursive: true, force: true })
  }

  /** What the studio keeps of the person. */
  person(): string {
    return readFileSync(join(this.config, 'studio.json'), 'utf8')
  }

  read(path: string): string {
    return readFileSync(join(this.dir, path), 'utf8')
  }

  flow(slug = 'login'): { start: string; blocks: Record<string, { type: string; stage: string; config?: Record<string, unknown>; next?: Record<string, string> }> } {
    return JSON.parse(this.read(`flows/${slug}.json`)) as never
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.dir, path), text)
  }

  has(path: string): boolean {
    return existsSync(join(this.dir, path))
  }

  remove(path: string): void {
    rmSync(join(this.dir, path))
  }
}

export const test = base.extend<{ studio: Studio; started: Page }>({
  // eslint-disable-next-line no-empty-pattern
  studio: async ({}, use) => {
    const studio = new Studio()
    studio.make()
    studio.knowing()
    await use(studio)
    studio.end()
  },
  /** The page with the starter's login flow in front. */
  started: async ({ page, studio }, use) => {
    const wrong: string[] = []
    page.on('pageerror', (error) => wrong.push(String(error)))
    page.on('console', (message) => {
      // Playwright's own tracing knocks at the frame that runs no scripts.
      if (message.type() === 'error' && !message.text().startsWith("Blocked script execution in 'about:srcdoc'")) wrong.push(message.text())
    })
    await studio.start()
    await page.goto(studio.url)
    await expect(card(page, 'sign_in')).toBeVisible()
    await use(page)
    expect(wrong, 'errors in the console').toEqual([])
  },
})

export { expect }

/** The card of a block. */
export function card(page: Page, id: string): Locator {
  return page.locator(`.react-flow__node[data-id="${id}"]`)
}

export function wire(page: Page, id: string): Locator {
  return page.locator(`.react-flow__edge[data-id="${id}"]`)
}

export function inspector(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Inspector' })
}

/** The page of the flow in the browser panel. */
export function flowPage(page: Page): FrameLocator {
  return page.frameLocator('iframe[title^="Page of the flow"]')
}

/** A point on a wire, in the window. */
export async function pointOn(page: Page, id: string, part = 0.5): Promise<{ x: number; y: number }> {
  return wire(page, id)
    .locator('.wire-line')
    .evaluate((element, at) => {
      const path = element as unknown as SVGPathElement
      const point = path.getPointAtLength(path.getTotalLength() * at).matrixTransform(path.getScreenCTM() ?? undefined)
      return { x: point.x, y: point.y }
    }, part)
}

/** Drags with the pointer, as a hand does: in small steps. */
export async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 6 })
  await page.mouse.move(to.x, to.y, { steps: 6 })
  await page.mouse.up()
}

export async function middle(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox()
  if (!box) throw new Error('not in sight')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** Waits until everything is on disk. */
export async function saved(page: Page): Promise<void> {
  await expect(page.getByTestId('save-state')).toHaveText('All changes saved')
}
