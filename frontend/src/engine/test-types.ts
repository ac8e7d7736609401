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
