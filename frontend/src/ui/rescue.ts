// What is done when a part of the window fails: nothing of the person's work is
// lost, and what happened can be told. The shell says how work is saved and what
// is known about this program; this folder knows neither.
import { copyText } from './clipboard'

interface Rescue {
  /** Writes what is not written yet. */
  save: () => Promise<unknown>
  /** Lines about the program: its version, where it runs. Nothing of a project. */
  about: () => string[]
}

let rescue: Rescue = { save: () => Promise.resolve(), about: () => [] }

export function setRescue(next: Rescue): void {
  rescue = next
}

/** Loads the window anew, once everything is written that can be. */
export async function reloadWindow(): Promise<void> {
  const enough = new Promise((done) => setTimeout(done, 3000))
  await Promise.race([rescue.save().catch(() => undefined), enough])
  window.location.reload()
}

/** What happened, for whoever can mend it: no document, no value, no person. */
export function reportOf(what: string, error: Error): string {
  const lines = [`${what}: ${error.name}: ${error.message}`, ...rescue.about(), `In ${navigator.userAgent}`, '', ...(error.stack ?? '').split('\n').slice(0, 12)]
  return lines.map((line) => line.replace(/[?&]token=[^\s&)]+/g, '')).join('\n')
}

export async function copyReport(what: string, error: Error): Promise<void> {
  await copyText(reportOf(what, error))
}
