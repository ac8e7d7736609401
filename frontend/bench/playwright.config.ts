import { defineConfig } from '@playwright/test'
import suite from '../playwright.config'

export default defineConfig({ ...suite, testDir: '.', testMatch: '*.bench.ts', timeout: 1_800_000, reporter: 'line', outputDir: '../test-results', use: { ...suite.use, trace: 'off', screenshot: 'off' } })
