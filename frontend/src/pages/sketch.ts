// How a template looks without data: its values as marked names, what it takes
// from elsewhere as boxes. Only Go can truly render it; this is for the shape.

const STYLE =
  '<style>.af-value{padding:0 .35em;border-radius:4px;background:#e6e8f8;color:#353d9b;font:inherit}' +
  '.af-part{display:block;margin:.6em 0;padding:.8em;border:1px dashed #9aa1b5;border-radius:6px;color:#586074;font:13px sans-serif;text-align:center}</style>'

/** The template as HTML that can be shown. */
export function sketch(template: string): string {
  let out = ''
  let at = 0
  for (const match of template.matchAll(/\{\{-?\s*([\s\S]*?)\s*-?\}\}/g)) {
    out += template.slice(at, match.index)
    at = match.index + match[0].length
    const inTag = out.lastIndexOf('<') > out.lastIndexOf('>')
    out += piece(match[1] ?? '', inTag)
  }
  return STYLE + out + template.slice(at)
}

function piece(action: string, inTag: boolean): string {
  const [word = '', name = ''] = action.split(/\s+/)
  if (/^(define|block|end|if|else|with|range|break|continue|\/\*)/.test(word)) return ''
  if (word.startsWith('$') && action.includes(':=')) return ''
  const text = escape(word === 'template' ? name.replace(/^"|"$/g, '') : action.replace(/^\./, '') || 'value')
  if (inTag) return text
  return word === 'template' ? `<span class="af-part">${text}</span>` : `<span class="af-value">${text}</span>`
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')
}
