// Starts `authflow run` on a fresh starter project, as a person's own tests would.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const program = process.env.AUTHFLOW_BIN ?? resolve(import.meta.dirname, '../../.build/authflow')

/**
 * Starts it, with lines added to clients.yaml and world.yaml.
 * @returns what `run --json` printed, and stop().
 */
export async function startHarness({ clients = '', world = '' } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'authflow-judge-'))
  const project = join(dir, 'starter')
  execFileSync(program, ['new', project])
  appendFileSync(join(project, 'clients.yaml'), clients)
  appendFileSync(join(project, 'world.yaml'), world)
  const child = spawn(program, ['run', project, '--addr', '127.0.0.1:0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(dir, { recursive: true, force: true })
  }
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line').then(([text]) => text), ended.then(() => null)])
  if (line === null) throw new Error('authflow run ended before it was ready')
  return { ...JSON.parse(line), stop }
}
