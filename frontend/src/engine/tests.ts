// The project's scenarios: what there is, what came of the last run, and what it
// covers. Coverage can be painted on the canvas.
import { create } from 'zustand'
import { call, on } from './client'
import { useRuns } from './runs'
import type { GeneratedTests, Mutation, RevisedTest, TestCase, TestProgress, TestReport, TestResult } from './test-types'

interface TestsState {
  cases: TestCase[]
  unreadable: string[]
  results: Record<string, TestResult>
  report: TestReport | null
  /** Tests are run, found, or tried; nothing else of that begins meanwhile. */
  running: boolean
  progress: TestProgress | null
  /** Which changes that make the flows wrong no test notices. */
  mutation: Mutation | null
  /** Whether the canvas shows what the last run covers. */
  painted: boolean
  /** Blocks that ran and edges that were taken, by flow, as the canvas asks. */
  covered: Map<string, { blocks: Set<string>; ports: Set<string> }>
}

const none: TestsState = { cases: [], unreadable: [], results: {}, report: null, running: false, progress: null, mutation: null, painted: false, covered: new Map() }

export const useTests = create<TestsState>()(() => none)

export async function loadTests(): Promise<void> {
  const { cases, unreadable } = await call('tests.list', {})
  useTests.setState({ cases, unreadable })
}

/** Runs the scenarios whose title holds one of the names; none means all. */
export async function runTests(names: string[] = []): Promise<TestReport | null> {
  const before = useTests.getState().results
  const kept = names.length === 0 ? {} : Object.fromEntries(Object.entries(before).filter(([name]) => !names.some((n) => name.includes(n))))
  useTests.setState({ results: kept })
  return working(async () => {
    const report = await call('tests.run', { names })
    if (report === null) return null
    const results = { ...kept, ...Object.fromEntries(report.results.map((r) => [r.name, r])) }
    useTests.setState({ report, results, covered: coveredBy(report) })
    return report
  })
}

async function working<T>(work: () => Promise<T>): Promise<T> {
  useTests.setState({ running: true, progress: null })
  try {
    return await work()
  } finally {
    useTests.setState({ running: false, progress: null })
  }
}

/** Finds tests for outcomes that none covers, writes them, and runs them all. */
export async function generateTests(): Promise<GeneratedTests | null> {
  const made = await working(() => call('tests.generate', {}))
  await loadTests()
  if (made && made.found > 0) await runTests()
  return made
}

/** Makes the flows wrong on purpose, to see what no test notices. */
export async function mutateTests(): Promise<Mutation | null> {
  return working(async () => {
    const mutation = await call('tests.mutate', {})
    if (mutation) useTests.setState({ mutation })
    return mutation
  })
}

/** What goes on answers null then. */
export async function cancelTests(): Promise<void> {
  await call('tests.cancel', {})
}

export async function recordTest(run: string, name: string): Promise<string> {
  const { path } = await call('tests.record', { run, name })
  await loadTests()
  return path
}

/** What would change if a failing test expected what happened. */
export function reviseTest(name: string): Promise<RevisedTest> {
  return call('tests.revise', { name })
}

/** Writes what was shown, and answers what puts the old text back. */
export async function writeRevised(revised: RevisedTest): Promise<() => Promise<void>> {
  const { path, base, text } = revised
  const before = await call('file.load', { path })
  const { revision } = await call('file.save', { path, text, base })
  return async () => {
    await call('file.save', { path, text: before.text, base: revision })
  }
}

/** Runs one test with the debugger; the result comes when it has ended. */
export async function debugTest(name: string): Promise<void> {
  useRuns.setState({ expecting: true, moment: null, frame: 0 })
  try {
    await call('tests.debug', { name })
  } catch (error) {
    useRuns.setState({ expecting: false })
    throw error
  }
}

export function paintCoverage(painted: boolean): void {
  useTests.setState({ painted })
}

/** What stood there belongs to a project that is no longer open. */
export function clearTests(): void {
  useTests.setState(none)
}

function coveredBy(report: TestReport): TestsState['covered'] {
  return new Map(
    report.coverage.flows.map((flow) => [
      flow.flow,
      {
        blocks: new Set(flow.blocks.filter((b) => b.runs > 0).map((b) => b.block)),
        ports: new Set(flow.blocks.flatMap((b) => b.ports.filter((p) => p.taken > 0).map((p) => `${b.block}:${p.port}`))),
      },
    ]),
  )
}

on('test', (result) => {
  useTests.setState((state) => ({ results: { ...state.results, [result.name]: result } }))
})
on('test_progress', (progress) => {
  if (useTests.getState().running) useTests.setState({ progress })
})
