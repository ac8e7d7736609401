import react from '@vitejs/plugin-react'
import { join } from 'node:path'
import type { Plugin, ProxyOptions } from 'vite'
import { defineConfig } from 'vitest/config'
import { holdsTexts, leadThrough } from './texts/extract.ts'

/**
 * `npm run dev` serves this folder over a running studio: AUTHFLOW_URL is the
 * address that `authflow --browser --no-open` printed, with its token.
 */
async function studioProxy(printed: string | undefined): Promise<Record<string, ProxyOptions> | undefined> {
  if (!printed) return undefined
  const { origin } = new URL(printed)
  const first = await fetch(printed, { redirect: 'manual' })
  const cookie = first.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')
  return { '/api': { target: origin, changeOrigin: true, headers: { cookie, origin } } }
}

/** Leads the English texts of the source through the dictionary. */
function texts(): Plugin {
  const dictionary = join(import.meta.dirname, 'src/ui/texts.ts')
  return {
    name: 'authflow-texts',
    enforce: 'pre',
    transform(code, id) {
      const [file = ''] = id.split('?')
      if (!holdsTexts(file)) return null
      const led = leadThrough(file, code, dictionary)
      return led === null ? null : { code: led, map: null }
    },
  }
}

export default defineConfig(async ({ command }) => ({
  plugins: [texts(), react()],
  build: { target: 'es2022', chunkSizeWarningLimit: 700, modulePreload: { polyfill: false } },
  worker: { format: 'es' as const },
  server: {
    port: 5199,
    host: '127.0.0.1',
    proxy: command === 'serve' ? await studioProxy(process.env.AUTHFLOW_URL) : undefined,
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
}))
