// What a run is doing, in words.
import type { RunStatus, RunView } from '../engine'

export const statusWords: Record<RunStatus, { text: string; tone: 'good' | 'bad' | 'warn' | 'info' | 'accent' | '' }> = {
  running: { text: 'Running', tone: 'accent' },
  paused: { text: 'Paused', tone: 'warn' },
  waiting: { text: 'Waiting for the person', tone: 'info' },
  succeeded: { text: 'Succeeded', tone: 'good' },
  denied: { text: 'Denied', tone: 'bad' },
  failed: { text: 'Failed', tone: 'bad' },
  expired: { text: 'Expired', tone: 'warn' },
  stopped: { text: 'Stopped', tone: '' },
}

const reasons: Record<NonNullable<RunView['reason']>, string> = {
  breakpoint: 'Stopped at a breakpoint',
  step: 'Stopped after a step',
  pause: 'Paused on request',
  entry: 'Stopped at the first block',
  back: 'Went back',
  deny: 'Stopped before the denial',
  error: 'Stopped at an error',
  timeout: 'Stopped: time was over',
}

/** One sentence about where a run stands and why; nothing where its status says it all. */
export function whereItStands(run: RunView): string {
  const top = run.stack[0]
  switch (run.status) {
    case 'paused':
      return run.reason_text ?? `${run.reason ? reasons[run.reason] : 'Paused'}${top ? (top.file ? ` at ${top.file}:${top.line}` : ` before ${top.block}`) : ''}`
    case 'waiting':
      return `${top ? `${top.block} ` : ''}waits for the person in the browser`
    case 'running':
      return top ? `At ${top.block}` : 'Running'
    case 'succeeded':
    case 'denied':
      return run.outcome?.message || run.outcome?.reason || statusWords[run.status].text
    case 'failed':
      return run.error?.message ?? 'The run failed'
    default:
      return ''
  }
}

/** The status, and where the run stands. */
export function statusAndPlace(run: RunView): string {
  const { text } = statusWords[run.status]
  const where = whereItStands(run)
  return where === '' || where === text ? text : `${text}: ${where}`
}
