import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// `npm run dev` serves the studio against a running `authflow --browser`
// (AUTHFLOW_URL), or, at /tests/fake/, against the in-memory fake of the
// contract. Neither is part of the build: its only entry is index.html.
export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', chunkSizeWarningLimit: 900, modulePreload: { polyfill: false } },
  server: {
    port: 5199,
    host: '127.0.0.1',
    proxy: process.env.AUTHFLOW_URL ? { '/api': process.env.AUTHFLOW_URL } : undefined,
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
})
