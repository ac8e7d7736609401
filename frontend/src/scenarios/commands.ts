// What can be done with all tests.
import { cancelTests, generateTests, mutateTests, paintCoverage, runTests, useStudio, useTests } from '../engine'
import { runCommand, type Command } from '../commands'
import { openText } from '../editor'
import { announce, attempt, notify, plural } from '../ui'

const idle = () => useStudio.getState().project !== null && !useTests.getState().running

/** The page of tests shows how far it is. */
function onPage(work: () => Promise<void>): void {
  runCommand('view.section.tests')
  attempt(work)
}

const cancelled = () => notify.good('Cancelled.')

async function run(): Promise<void> {
  const done = await runTests()
  if (!done) cancelled()
  else announce(`${done.passed} tests passed, ${done.failed} failed.`)
}

async function findMissing(): Promise<void> {
  const made = await generateTests()
  if (!made) return cancelled()
  const { path, found, missing } = made
  if (found > 0) notify.good(`${plural(found, 'test')} found: ${path}.`, 'Each expects what happened: look at it before you rely on it.', { label: 'Open', run: () => openText(path) })
  else notify.good(missing.length === 0 ? 'Every outcome is covered already.' : `Nothing was found that comes to ${plural(missing.length, 'outcome')} more.`)
}

async function findUnnoticed(): Promise<void> {
  const mutation = await mutateTests()
  if (!mutation) return cancelled()
  announce(`${plural(mutation.survived.length, 'mistake')} unnoticed.`)
}

export const testCommands: Command[] = [
  { id: 'tests.run', title: 'Run all tests', when: idle, run: () => onPage(run) },
  { id: 'tests.generate', title: 'Find missing tests', when: idle, run: () => onPage(findMissing) },
  { id: 'tests.mutate', title: 'Find mistakes that no test notices', when: idle, run: () => onPage(findUnnoticed) },
  { id: 'tests.cancel', title: 'Cancel the work on tests', when: () => useTests.getState().running, run: () => attempt(cancelTests) },
  { id: 'tests.paint', title: 'Paint what the tests cover on the canvas, or no longer', when: () => useTests.getState().report !== null, run: () => paintCoverage(!useTests.getState().painted) },
]
