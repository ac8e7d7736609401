// What is measured on a page, the same way for both canvases: work of the main
// thread as the browser counts it, which waiting does not add to.
import type { CDPSession, Page } from '@playwright/test'

export interface Figures {
  /** Milliseconds from the order until it is painted. */
  render: number
  /** Work of the main thread, milliseconds a frame. */
  pan: number
  zoom: number
  far: number
  farZoom: number
  drag: number
  /** Work of the main thread, milliseconds a key. */
  type: number
  /** Milliseconds until it is painted. */
  undo: number
  heap: number
  elements: number
}

const FRAMES = 40

export class Meter {
  private constructor(
    private readonly page: Page,
    private readonly cdp: CDPSession,
  ) {}

  static async on(page: Page): Promise<Meter> {
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable')
    return new Meter(page, cdp)
  }

  private async metric(name: string): Promise<number> {
    const { metrics } = await this.cdp.send('Performance.getMetrics')
    return metrics.find((m) => m.name === name)?.value ?? 0
  }

  frame(): Promise<unknown> {
    return this.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)))
  }

  /** Waits until nothing is done for a while. */
  async quiet(): Promise<void> {
    for (let still = 0, last = -1; still < 3; ) {
      await this.page.waitForTimeout(200)
      const now = await this.metric('TaskDuration')
      still = now - last < 0.03 ? still + 1 : 0
      last = now
    }
  }

  /** Main-thread milliseconds for each of the given steps, a frame apart. */
  async work(step: (i: number) => Promise<unknown>, steps = FRAMES): Promise<number> {
    await this.quiet()
    const before = await this.metric('TaskDuration')
    for (let i = 0; i < steps; i++) {
      await step(i)
      await this.frame()
    }
    return ((await this.metric('TaskDuration')) - before) * 1000 / steps
  }

  async memory(): Promise<Pick<Figures, 'heap' | 'elements'>> {
    await this.cdp.send('HeapProfiler.collectGarbage')
    const heap = (await this.metric('JSHeapUsedSize')) / 1e6
    return { heap, elements: await this.page.locator('.react-flow').evaluate((canvas) => canvas.querySelectorAll('*').length) }
  }

  pan(): Promise<number> {
    return this.work((i) => this.page.mouse.wheel(i % 8 < 4 ? 40 : -40, i % 8 < 4 ? 30 : -30))
  }

  async zoom(): Promise<number> {
    await this.page.keyboard.down('Control')
    const each = await this.work((i) => this.page.mouse.wheel(0, i % 8 < 4 ? 30 : -30))
    await this.page.keyboard.up('Control')
    return each
  }

  /** Drags what is at a point of the window, to and fro, and puts it back. */
  async drag(at: { x: number; y: number }): Promise<number> {
    await this.page.mouse.move(at.x, at.y)
    await this.page.mouse.down()
    await this.page.mouse.move(at.x + 8, at.y + 8)
    const each = await this.work((i) => this.page.mouse.move(at.x + 8 + (i % 10) * 6, at.y + 8 + (i % 10) * 4))
    await this.page.mouse.up()
    return each
  }

  /** Main-thread work of each key, the pause in which problems are looked for included. */
  async keys(text: string): Promise<number> {
    await this.quiet()
    const before = await this.metric('TaskDuration')
    for (const key of text) {
      await this.page.keyboard.press(key)
      await this.page.waitForTimeout(250)
    }
    return ((await this.metric('TaskDuration')) - before) * 1000 / text.length
  }

  /** Milliseconds until what was begun in the page is painted; both are JavaScript, for the page. */
  painted(begin: string, done: string): Promise<number> {
    return this.page.evaluate(`new Promise((tell) => {
      const began = performance.now();
      ${begin};
      const look = () => {
        if (!(${done})) requestAnimationFrame(look)
        else requestAnimationFrame(() => setTimeout(() => tell(performance.now() - began)))
      }
      look()
    })`)
  }
}
