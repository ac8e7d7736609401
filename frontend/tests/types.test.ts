import { beforeAll, describe, expect, it } from 'vitest'
import { Language } from '../src/actions/types/language'
import { libs } from '../src/actions/types/libs'
import { fromTyped, toTyped, withTypes } from '../src/actions/types/typed-script'

const declarations = `declare namespace Authflow {
  interface Event { readonly user?: {
    /** The mail address */
    readonly email: string
  } }
  interface Step { readonly risk: { readonly score: number } }
  interface Config { readonly domains: readonly string[] }
  interface Api { readonly config: Config; leave(port: "outside"): void; deny(reason: string): void }
}
declare const console: { log(...values: any[]): void }
`
const modules = { 'lib/mail.ts': "export const domainOf = (mail: string) => mail.split('@').pop() ?? ''\n", 'lib/list.json': '["a"]' }
let language: Language
beforeAll(() => {
  language = new Language(libs)
  language.project(declarations, modules)
})

const action = (body: string) => `import { domainOf } from './lib/mail'\nexport default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {\n${body}\n}\n`
/** The text without its mark, and where the mark stood. */
const marked = (text: string): [string, number] => [text.replace('|', ''), text.indexOf('|')]
const messages = (name: string, text: string) => language.check(name, text).map((f) => f.message)

describe('an Action in TypeScript', () => {
  it('is without findings when its types are right, imports of modules included', () => {
    expect(messages('a.ts', action("if (!event.user) return api.deny('no_user')\nif (!api.config.domains.includes(domainOf(event.user.email))) api.leave('outside')"))).toEqual([])
    expect(messages('a.ts', "import list from './lib/list.json'\nexport default () => list.join('')")).toEqual([])
  })

  it('has a finding where it is wrong, in the place of the text', () => {
    const text = action('api.leave("nowhere")')
    const [finding] = language.check('a.ts', text)
    expect(finding?.message).toContain('not assignable to parameter of type \'"outside"\'')
    expect(text.slice(finding?.from, finding?.to)).toBe('"nowhere"')
    expect(messages('a.ts', action('event.user.email'))).toEqual(["'event.user' is possibly 'undefined'."])
    expect(messages('a.ts', action('domainOf(5)'))).toHaveLength(1)
  })

  it('knows neither a page nor Node', () => {
    expect(messages('a.ts', action('document.title; process.env; require("fs")'))).toHaveLength(3)
  })

  it('leaves syntax errors and missing imports to the check', () => {
    expect(messages('a.ts', action('let x = ('))).toEqual([])
    expect(messages('a.ts', "import { x } from './lib/nothing'\nexport default () => x")).toEqual([])
  })

  it('completes members, ports and settings', () => {
    const offers = (body: string) => language.complete('a.ts', ...marked(action(body))).map((o) => o.label)
    expect(offers('event.|')).toEqual(['user'])
    expect(offers('step.risk.|')).toEqual(['score'])
    expect(offers('api.config.|')).toEqual(['domains'])
    expect(offers("api.leave('|')")).toEqual(['outside'])
    expect(offers('dom|')).toContain('domainOf')
  })

  it('explains what stands under the pointer, and an offer', () => {
    const [text, at] = marked(action('event.user?.em|ail'))
    expect(language.hover('a.ts', text, at)).toMatchObject({ signature: '(property) email: string | undefined', text: 'The mail address', from: at - 2, to: at + 3 })
    const [half, here] = marked(action('event.user?.|'))
    expect(language.explainOffer('a.ts', half, here, 'email')?.text).toBe('The mail address')
  })

  it('follows a module that changed and one that went', () => {
    language.project(declarations, { 'lib/mail.ts': 'export const domainOf = (mail: number) => mail\n' })
    expect(messages('a.ts', action("domainOf('x')"))).toHaveLength(1)
    expect(messages('a.ts', "import list from './lib/list.json'\nexport default () => list.missing")).toEqual([])
    language.project(declarations, modules)
  })
})

describe('an Action in JavaScript', () => {
  const forms = {
    'export default': 'export default async function (event, step, api) {\n  BODY\n}\n',
    'an arrow': 'export default async (event, step, api) => {\n  BODY\n}\n',
    'exports.name': 'exports.onExecutePostLogin = async (event, api) => {\n  BODY\n}\n',
    'module.exports': 'module.exports = async function (event, step, api) {\n  BODY\n}\n',
    execute: 'function execute(event, api) {\n  BODY\n}\n',
  }
  for (const [name, form] of Object.entries(forms)) {
    it(`has types as ${name}`, () => {
      const text = `/**\n * What it does.\n * @title T\n */\n${form.replace('BODY', 'api.leave("nowhere")')}`
      const [finding] = language.check('a.js', text)
      expect(text.slice(finding?.from, finding?.to)).toBe('"nowhere"')
      const [half, at] = marked(form.replace('BODY', 'api.|'))
      expect(language.complete('a.js', half, at).map((o) => o.label)).toEqual(['config', 'deny', 'leave'])
      const [whole, there] = marked(form.replace('BODY', 'api.den|y("x")'))
      expect(language.hover('a.js', whole, there)).toMatchObject({ from: there - 3, to: there + 1 })
    })
  }

  it('may leave its own types out', () => {
    expect(messages('a.js', 'const twice = (x) => x + x\nexport default function () { return twice(2) }')).toEqual([])
  })

  it('keeps the types that its author wrote', () => {
    const text = '/** @type {(event: string) => void} */\nexport default function (event) { event.length }'
    expect(withTypes(text).text).toBe(text)
  })
})

describe('places', () => {
  it('go over the comment and back', () => {
    const typed = withTypes('let a\nexport default function (event) {}')
    for (let at = 0; at <= 30; at++) expect(fromTyped(typed, toTyped(typed, at))).toBe(at)
  })
})
