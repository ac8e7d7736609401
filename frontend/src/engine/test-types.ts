// Scenarios of the project, and what came of running them.
export interface TestCase {
  file: string
  name: string
  about?: string
  skip?: string
}
export interface TestList {
  cases: TestCase[]
  unreadable: string[]
}
/** A file in which a test expects what really happened. */
export interface RevisedTest {
  path: string
  base: string
  text: string
  /** Lines that change: - before, + after. */
  diff: string[]
  /** Why nothing changes. */
  kept: string[]
}
export interface TestResult {
  file: string
  name: string
  passed: boolean
  skipped?: string
  /** Where it failed, from 1; absent: at the end. */
  step?: number
  failures?: string[]
  page?: string
  page_text?: string
  path?: string[]
  /** ns */
  took: number
}
export interface CoverageShare {
  covered: number
  of: number
}
export interface TestReport {
  results: TestResult[]
  passed: number
  failed: number
  skipped: number
  /** ns */
  took: number
  coverage: {
    flows: { flow: string; name: string; blocks: { block: string; runs: number; ports: { port: string; taken: number; to?: string }[] }[] }[]
    blocks: CoverageShare
    ports: CoverageShare
    errors: CoverageShare
    pages: CoverageShare
    lines: CoverageShare
    promises: CoverageShare
    /** Files below actions/; one that no test came to has run false. */
    actions: { file: string; run: boolean; lines: CoverageShare; missed: number[] }[]
  }
  missed: string[]
}

/** How far the work on tests is; found are scenarios so far, or changes that nothing noticed. */
export interface TestProgress {
  work: 'run' | 'generate' | 'mutate'
  done: number
  of: number
  found: number
}
/** What was found for outcomes that no test covers; the path is empty where nothing was. */
export interface GeneratedTests {
  path: string
  found: number
  missing: string[]
}
/** One change that makes a flow wrong. */
export interface Mutant {
  flow: string
  block: string
  what: string
  ports?: string[]
}
export interface Mutation {
  tried: number
  /** Changes that no test has noticed, and those that no test comes to. */
  survived: Mutant[]
  unreached: Mutant[]
}

/** The methods of app/studio/tests.go and testwork.go. What was cancelled answers null. */
export interface TestMethods {
  'tests.list': [Record<string, never>, TestList]
  /** Names keep the scenarios whose title holds one of them. */
  'tests.run': [{ names: string[] }, TestReport | null]
  'tests.record': [{ run: string; name: string }, { path: string; text: string }]
  /** Shows what would change if a failing test expected what happened; file.save writes it. */
  'tests.revise': [{ name: string }, RevisedTest]
  /** Its result comes as an event. */
  'tests.debug': [{ name: string }, null]
  'tests.generate': [{ tries?: number }, GeneratedTests | null]
  'tests.mutate': [Record<string, never>, Mutation | null]
  'tests.cancel': [Record<string, never>, null]
}
