// The dictionary of the studio. Texts are written in English where they are
// shown; the build leads each through here (frontend/texts). Without a dictionary
// of the person's language they are what they are.

type Dictionary = Record<string, string>

let dictionary: Dictionary | null = null
let pseudo = false

/** Dictionaries that were built in, by language. */
const built = import.meta.glob<Dictionary>(['../../texts/*.json', '!../../texts/catalogue.json'], { import: 'default' })

/** A language that nobody speaks: every text that goes through here is in brackets. */
const PSEUDO = 'qps'

/** Takes the first language of the person that there is a dictionary of. It comes before all screens: many of their texts are constants. */
export async function loadTexts(languages: readonly string[] = navigator.languages): Promise<void> {
  for (const tag of languages) {
    if (tag === PSEUDO) {
      pseudo = true
      return
    }
    const base = tag.split('-')[0]!
    if (base === 'en') return
    const load = built[`../../texts/${tag}.json`] ?? built[`../../texts/${base}.json`]
    if (!load) continue
    dictionary = await load()
    document.documentElement.lang = tag
    return
  }
}

/** A text in the person's language, with values where {0}, {1} … stand. */
export function text(english: string, ...values: unknown[]): string {
  const said = dictionary?.[english] ?? (pseudo ? `⟦${english}⟧` : english)
  if (values.length === 0) return said
  return said.replace(/\{(\d+)\}/g, (whole, index: string) => (Number(index) < values.length ? String(values[Number(index)]) : whole))
}

/** Marks words that are names as well, and are said by text() where they are shown. */
export function marked<T extends string>(...words: T[]): T[] {
  return words
}
