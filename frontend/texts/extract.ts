// Finds the English texts of the studio in its source, and leads each through the
// dictionary (src/ui/texts.ts) when the studio is built. Whoever writes a screen
// writes English; whoever translates sees one list, catalogue.json beside this
// file. How: docs/decisions/0014.
import ts from 'typescript'

export interface Found {
  /** The text, with {0}, {1} … where values stand. */
  text: string
  start: number
  end: number
  /** What stands in its place. */
  code: string
  /** Texts within its values. */
  within: string[]
}

const CALL = '__text'
const spoken = new Set(['title', 'label', 'text', 'description', 'placeholder', 'help', 'hint', 'yes', 'no', 'empty', 'detail', 'words', 'alt', 'aria-label', 'aria-description', 'aria-valuetext', 'aria-roledescription', 'summary', 'why', 'heading', 'caption', 'unit'])
const speaking = /^(announce|notify\.\w+|ask|say)$/
/** Attributes and properties that hold no words, whatever they look like. */
const silent = new Set(['className', 'class', 'style', 'd', 'id', 'key', 'href', 'src', 'viewBox', 'points', 'transform', 'keys', 'path', 'command', 'role', 'type', 'sandbox', 'content', 'data-testid'])

const hasWord = (text: string) => /\p{L}{2}/u.test(text)
/** A sentence or a phrase, told by its looks where nothing else tells. */
const isPhrase = (text: string) => /^[\p{Lu}“]/u.test(text) && /\p{L}{2,}[,:;…]? \S/u.test(text)

export function findTexts(file: string, source: string): Found[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS)
  const found: Found[] = []
  const literal = (node: ts.Node, sure: boolean): boolean => {
    const text = textOf(node)
    if (text === null || !hasWord(text.text) || !(sure || isPhrase(text.text))) return false
    const within: string[] = []
    const args = [JSON.stringify(text.text), ...text.values.map((value) => rewrite(value, within))]
    const code = `${CALL}(${args.join(', ')})`
    found.push({ text: text.text, start: node.getStart(tree), end: node.end, code: ts.isJsxAttribute(node.parent) ? `{${code}}` : code, within })
    return true
  }
  /** Values within a text may hold texts of their own. */
  const rewrite = (node: ts.Node, within: string[]): string => {
    const before = found.length
    visit(node, false)
    const inner = found.splice(before).map((f) => ({ ...f, start: f.start - node.getStart(tree), end: f.end - node.getStart(tree) }))
    within.push(...inner.flatMap((f) => [f.text, ...f.within]))
    return put(node.getText(tree), inner)
  }
  const visit = (node: ts.Node, sure: boolean): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isTaggedTemplateExpression(node)) return
    if (ts.isJsxText(node)) return jsxText(node, found)
    if (ts.isCallExpression(node) && node.expression.getText(tree) === 'marked') return marked(node, found)
    if (literal(node, sure)) return
    if (ts.isJsxAttribute(node) || ts.isPropertyAssignment(node)) {
      const name = node.name.getText(tree).replace(/^['"]|['"]$/g, '')
      if (silent.has(name)) return
      if (node.initializer) visit(node.initializer, spoken.has(name))
      return
    }
    ts.forEachChild(node, (child) => visit(child, staysSure(node, child, sure)))
  }
  visit(tree, false)
  return found
}

/** What a text stands in: through choices and braces it stays a text. */
function staysSure(node: ts.Node, child: ts.Node, sure: boolean): boolean {
  if (ts.isConditionalExpression(node)) return sure && child !== node.condition
  if (ts.isParenthesizedExpression(node) || ts.isArrowFunction(node)) return sure
  if (ts.isJsxExpression(node)) return sure || !ts.isJsxAttribute(node.parent)
  if (ts.isBinaryExpression(node)) return sure && child === node.right && ['&&', '||', '??', '+'].includes(node.operatorToken.getText())
  if (ts.isCallExpression(node)) return child !== node.expression && speaking.test(node.expression.getText())
  return false
}

function textOf(node: ts.Node): { text: string; values: ts.Expression[] } | null {
  const inTypes = ts.isLiteralTypeNode(node.parent ?? node)
  if (inTypes || isCompared(node)) return null
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return { text: node.text, values: [] }
  if (!ts.isTemplateExpression(node)) return null
  let text = node.head.text
  node.templateSpans.forEach((span, index) => (text += `{${index}}${span.literal.text}`))
  return hasWord(text.replace(/\{\d+\}/g, '')) ? { text, values: node.templateSpans.map((span) => span.expression) } : null
}

/** Names, keys and what is compared with are no words to be shown. */
function isCompared(node: ts.Node): boolean {
  const up = node.parent
  if (!up) return false
  if (ts.isBinaryExpression(up)) return ['===', '!==', '==', '!=', 'in'].includes(up.operatorToken.getText())
  if (ts.isPropertyAssignment(up)) return up.name === node
  return ts.isCaseClause(up) || ts.isElementAccessExpression(up) || ts.isImportSpecifier(up) || ts.isEnumMember(up) || ts.isExternalModuleReference(up)
}

/** Words that are names as well: listed here, and said by text() where they are shown. */
function marked(node: ts.CallExpression, found: Found[]): void {
  for (const word of node.arguments.filter(ts.isStringLiteral)) found.push({ text: word.text, start: word.getStart(), end: word.end, code: word.getText(), within: [] })
}

/** As JSX reads it: lines are trimmed and joined, spaces within a line stay. */
function jsxText(node: ts.JsxText, found: Found[]): void {
  const raw = node.text
  const lines = raw.split('\n')
  const kept = lines.map((line, index) => (index === 0 ? line : line.trimStart())).map((line, index) => (index === lines.length - 1 ? line : line.trimEnd()))
  const text = kept.filter((line) => line !== '').join(' ')
  const core = text.trim()
  if (!hasWord(core)) return
  const [before = ''] = /^\s*/.exec(text) ?? []
  const [after = ''] = /\s*$/.exec(text) ?? []
  const parts = [before && JSON.stringify(before), `${CALL}(${JSON.stringify(unescapeJsx(core))})`, after && JSON.stringify(after)].filter(Boolean)
  found.push({ text: unescapeJsx(core), start: node.pos, end: node.end, code: `{${parts.join(' + ')}}`, within: [] })
}

const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&nbsp;': ' ', '&hellip;': '…' }

function unescapeJsx(text: string): string {
  return text.replace(/&\w+;/g, (entity) => entities[entity] ?? entity)
}

function put(source: string, found: Found[]): string {
  let out = ''
  let at = 0
  for (const f of [...found].sort((a, b) => a.start - b.start)) {
    out += source.slice(at, f.start) + f.code
    at = f.end
  }
  return out + source.slice(at)
}

/** The source with its texts led through the dictionary; null where it has none. */
export function leadThrough(file: string, source: string, dictionary: string): string | null {
  const found = findTexts(file, source)
  if (found.length === 0) return null
  // On one line with what comes first, so that places in errors stay right.
  return `import { text as ${CALL} } from ${JSON.stringify(dictionary)}; ${put(source, found)}`
}

/** Sources that hold texts: not the dictionary, and not the worker of the editor, which speaks TypeScript's own words. */
export function holdsTexts(path: string): boolean {
  return /(^|\/)src\/.*\.tsx?$/.test(path) && !path.endsWith('src/ui/texts.ts') && !path.includes('src/actions/types/')
}
