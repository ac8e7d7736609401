// The language service in the editor: what is offered at the caret, and what
// stands under the pointer.
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { hoverTooltip } from '@codemirror/view'
import type { Extension } from '@codemirror/state'
import { javascriptLanguage, typescriptLanguage } from '@codemirror/lang-javascript'
import { LanguageSupport } from '@codemirror/language'
import { ask } from './client'
import type { Explanation } from './protocol'

/** The language of a file below actions/, with types where it is a script. */
export function languageOf(name: string): Extension {
  const language = /\.m?ts$/.test(name) ? typescriptLanguage : javascriptLanguage
  if (name.endsWith('.json')) return new LanguageSupport(javascriptLanguage)
  return [new LanguageSupport(language, language.data.of({ autocomplete: (context: CompletionContext) => offers(name, context) })), pointer(name)]
}

const kinds: Record<string, string> = {
  method: 'method', function: 'function', 'local function': 'function', property: 'property', getter: 'property',
  const: 'constant', let: 'variable', var: 'variable', 'local var': 'variable', parameter: 'variable', alias: 'variable',
  keyword: 'keyword', interface: 'interface', type: 'type', class: 'class', module: 'namespace', string: 'text',
}

async function offers(name: string, context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w$]*/)
  const from = word?.from ?? context.pos
  const before = context.state.sliceDoc(Math.max(0, from - 1), from)
  if (from === context.pos && !context.explicit && !/[.'"/]/.test(before)) return null
  const text = context.state.doc.toString()
  const found = await ask('complete', name, text, context.pos).catch(() => [])
  if (context.aborted || found.length === 0) return null
  const options = found.map(
    (offer): Completion => ({
      label: offer.label,
      type: kinds[offer.kind] ?? 'variable',
      boost: 15 - offer.order,
      info: async () => {
        const told = await ask('explainOffer', name, text, context.pos, offer.label).catch(() => null)
        return told && drawn(told)
      },
    }),
  )
  return { from, options, validFor: /^[\w$]*$/ }
}

function pointer(name: string): Extension {
  return hoverTooltip(async (view, at) => {
    const told = await ask('hover', name, view.state.doc.toString(), at).catch(() => null)
    return told && { pos: told.from, end: told.to, above: true, create: () => ({ dom: drawn(told) }) }
  })
}

function drawn(told: Explanation): HTMLElement {
  const box = document.createElement('div')
  box.className = 'type-note'
  const signature = document.createElement('code')
  signature.textContent = told.signature
  box.append(signature)
  if (told.text) {
    const text = document.createElement('p')
    text.textContent = told.text
    box.append(text)
  }
  return box
}
