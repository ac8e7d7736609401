// The TypeScript language service over one Action and what it may import. There
// is no DOM and no Node: an Action has neither.
import ts from 'typescript'
import type { Explanation, Finding, Offer } from './protocol'
import { fromTyped, isOurs, toTyped, withTypes, type Typed } from './typed-script'

const ROOT = '/actions/'
const LIBS = '/lib/'
const GIVEN = '/authflow.d.ts'

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2020,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2020.d.ts'],
  types: [],
  strict: true,
  noEmit: true,
  allowJs: true,
  checkJs: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
}

/** What the check says already, of every import that leads nowhere. */
const elsewhere = new Set([2307, 2732, 2792])

export class Language {
  private readonly files = new Map<string, { text: string; version: number }>()
  private readonly modules = new Set<string>()
  private readonly service: ts.LanguageService
  private version = 0
  private front = ''
  private typed: Typed = withTypes('')

  /** libs: the declarations of the language itself, by file name. */
  constructor(libs: Record<string, string>) {
    for (const [name, text] of Object.entries(libs)) this.put(LIBS + name, text)
    this.put(GIVEN, '')
    this.service = ts.createLanguageService(this.host())
  }

  project(declarations: string, modules: Record<string, string>): null {
    this.put(GIVEN, declarations)
    for (const path of this.modules) if (!(path.slice(ROOT.length) in modules)) this.drop(path)
    for (const [name, text] of Object.entries(modules)) {
      this.modules.add(ROOT + name)
      if (ROOT + name !== this.front) this.put(ROOT + name, text)
    }
    return null
  }

  check(name: string, text: string): Finding[] {
    const path = this.open(name, text)
    // A text with a syntax error means nothing yet; the check tells of that.
    if (path.endsWith('.json') || this.service.getSyntacticDiagnostics(path).length > 0) return []
    return this.service
      .getSemanticDiagnostics(path)
      .filter((d) => d.start !== undefined && !isOurs(this.typed, d.start) && !elsewhere.has(d.code) && !(isScript(path) && implied(d.code)))
      .map((d) => ({
        from: fromTyped(this.typed, d.start!),
        to: fromTyped(this.typed, d.start! + (d.length ?? 0)),
        message: ts.flattenDiagnosticMessageText(d.messageText, '\n'),
      }))
  }

  complete(name: string, text: string, at: number): Offer[] {
    const path = this.open(name, text)
    const found = this.service.getCompletionsAtPosition(path, toTyped(this.typed, at), {})
    return (found?.entries ?? [])
      .filter((entry) => entry.kind !== ts.ScriptElementKind.warning)
      .map((entry) => ({ label: entry.name, kind: entry.kind, order: Number.parseInt(entry.sortText, 10) || 15 }))
  }

  explainOffer(name: string, text: string, at: number, label: string): Explanation | null {
    const path = this.open(name, text)
    const entry = this.service.getCompletionEntryDetails(path, toTyped(this.typed, at), label, undefined, undefined, undefined, undefined)
    return entry ? { from: at, to: at, signature: ts.displayPartsToString(entry.displayParts), text: ts.displayPartsToString(entry.documentation) } : null
  }

  hover(name: string, text: string, at: number): Explanation | null {
    const path = this.open(name, text)
    const info = this.service.getQuickInfoAtPosition(path, toTyped(this.typed, at))
    if (!info) return null
    return {
      from: fromTyped(this.typed, info.textSpan.start),
      to: fromTyped(this.typed, info.textSpan.start + info.textSpan.length),
      signature: ts.displayPartsToString(info.displayParts),
      text: ts.displayPartsToString(info.documentation),
    }
  }

  /** Brings a file to the front with its newest text. */
  private open(name: string, text: string): string {
    const path = ROOT + name
    if (this.front !== path && !this.modules.has(this.front)) this.drop(this.front)
    this.front = path
    this.typed = isScript(path) ? withTypes(text) : { text, at: text.length, length: 0 }
    this.put(path, this.typed.text)
    return path
  }

  private put(path: string, text: string): void {
    if (this.files.get(path)?.text === text) return
    this.version++
    this.files.set(path, { text, version: this.version })
  }

  private drop(path: string): void {
    this.version++
    this.files.delete(path)
    this.modules.delete(path)
  }

  private roots(): string[] {
    const declared = [...this.modules].filter((path) => path.endsWith('.d.ts') && path !== this.front)
    return [GIVEN, ...declared, ...(this.front ? [this.front] : [])]
  }

  private host(): ts.LanguageServiceHost {
    const { files } = this
    return {
      getCompilationSettings: () => options,
      getScriptFileNames: () => this.roots(),
      getScriptVersion: (path) => String(files.get(path)?.version ?? 0),
      getProjectVersion: () => String(this.version),
      getScriptSnapshot: (path) => {
        const file = files.get(path)
        return file && ts.ScriptSnapshot.fromString(file.text)
      },
      getCurrentDirectory: () => '/',
      getDefaultLibFileName: () => `${LIBS}lib.es2020.d.ts`,
      fileExists: (path) => files.has(path),
      readFile: (path) => files.get(path)?.text,
      directoryExists: (path) => [...files.keys()].some((file) => file.startsWith(path.endsWith('/') ? path : `${path}/`)),
      getDirectories: (path) => foldersIn([...files.keys()], path),
      readDirectory: (path) => [...files.keys()].filter((file) => file.startsWith(path) && !file.slice(path.length + 1).includes('/')),
    }
  }
}

function foldersIn(paths: string[], folder: string): string[] {
  const inside = folder.endsWith('/') ? folder : `${folder}/`
  const names = paths.filter((path) => path.startsWith(inside)).map((path) => path.slice(inside.length).split('/'))
  return [...new Set(names.filter((parts) => parts.length > 1).map((parts) => parts[0]!))]
}

function isScript(path: string): boolean {
  return /\.m?js$/.test(path)
}

/** That something has no written type is no news in JavaScript. */
function implied(code: number): boolean {
  return code >= 7000 && code < 8000
}
