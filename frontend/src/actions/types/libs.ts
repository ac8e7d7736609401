// The declarations of the language itself, up to ES2020: texts of the package
// typescript, without DOM and without Node.
const texts = import.meta.glob<string>(
  [
    '../../../node_modules/typescript/lib/lib.es5.d.ts',
    '../../../node_modules/typescript/lib/lib.es2015*.d.ts',
    '../../../node_modules/typescript/lib/lib.es2016*.d.ts',
    '../../../node_modules/typescript/lib/lib.es2017*.d.ts',
    '../../../node_modules/typescript/lib/lib.es2018*.d.ts',
    '../../../node_modules/typescript/lib/lib.es2019*.d.ts',
    '../../../node_modules/typescript/lib/lib.es2020*.d.ts',
    '../../../node_modules/typescript/lib/lib.decorators*.d.ts',
    '!../../../node_modules/typescript/lib/*.full.d.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
)

export const libs: Record<string, string> = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text]))
