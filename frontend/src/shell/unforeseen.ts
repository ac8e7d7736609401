// Errors that nobody caught: they are said, once each, with a report to copy. And
// what a failing part of the window needs to know of the rest.
import { EngineError, useStudio } from '../engine'
import { saveAll, saveAllFiles } from '../document'
import { attempt, copyReport, notify, setRescue } from '../ui'

/** What browsers report that is no failure: an observer that was asked too much for one frame. */
const harmless = /ResizeObserver loop/

export function watchForUnforeseen(): void {
  setRescue({
    save: async () => {
      await saveAll()
      await saveAllFiles()
    },
    about: () => {
      const { info } = useStudio.getState()
      return info ? [`Authflow Studio ${info.version}, ${info.mode} on ${info.platform}`] : []
    },
  })
  window.addEventListener('error', (event) => tell(event.error ?? event.message))
  window.addEventListener('unhandledrejection', (event) => tell(event.reason))
}

const told = new Set<string>()

function tell(thrown: unknown): void {
  if (thrown instanceof EngineError) {
    notify.failure(thrown)
    return
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (harmless.test(error.message) || told.has(error.message)) return
  told.add(error.message)
  notify.info('Something in this window went wrong.', 'Your work is kept. If something no longer answers, reload the window.', {
    label: 'Copy a report',
    run: () => attempt(() => copyReport('Something in this window went wrong', error)),
  })
}
