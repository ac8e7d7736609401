// Starts `authflow run` on a fresh starter project: the sign-in pages as a person
// sees them in a browser of their own.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'

const binary = resolve(process.env.AUTHFLOW_BIN ?? join(import.meta.dirname, '../../.build/authflow'))

export interface Running {
  issuer: string
  client_id: string
  demo_url: string
  control_url: string
  control_token: string
  users: { identifier: string; password: string }[]
}

export class Harness {
  readonly home = mkdtempSync(join(tmpdir(), 'authflow-run-'))
  readonly dir = join(this.home, 'acme')
  private child: ChildProcess | undefined

  /** Starts it, on the starter as prepare has changed it. */
  async start(prepare?: (dir: string) => void): Promise<Running> {
    const made = spawnSync(binary, ['new', this.dir], { encoding: 'utf8' })
    if (made.status !== 0) throw new Error(`authflow new: ${made.stderr}`)
    prepare?.(this.dir)
    const child = spawn(binary, ['run', this.dir, '--json', '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.child = child
    return await new Promise<Running>((done, fail) => {
      let out = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        out += chunk.toString()
        if (out.includes('\n')) done(JSON.parse(out.split('\n')[0] ?? '') as Running)
      })
      child.on('exit', (code) => fail(new Error(`authflow run ended with ${code}`)))
    })
  }

  end(): void {
    this.child?.kill()
    rmSync(this.home, { recursive: true, force: true })
  }
}

export const test = base.extend<{ running: Running }>({
  // eslint-disable-next-line no-empty-pattern
  running: async ({}, use) => {
    const harness = new Harness()
    await use(await harness.start())
    harness.end()
  },
})

export { expect }

/** Asks the control API. */
export async function control<T>(running: Running, method: string, path: string, body?: unknown): Promise<T> {
  const res = await fetch(running.control_url + path, {
    method,
    headers: { authorization: `Bearer ${running.control_token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!res.ok) throw new Error(`${method} ${path}: ${res.status} ${await res.text()}`)
  return (await res.json()) as T
}

/** Fills the sign-in page in and sends it. */
export async function signIn(page: Page, identifier: string, password: string): Promise<void> {
  await page.getByLabel('Email or user name').fill(identifier)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: /Continue|Sign in/ }).click()
}
