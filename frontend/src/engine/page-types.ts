// Pages while they are written: who shows them, and how they look.

export interface ShownBy { flow: string; block: string; type: string }
/** `lived` names the blocks, as flow.block, that a run at hand has come to. */
export interface PageFacts { shown_by: ShownBy[]; locales: string[]; lived: string[] }
export interface ShownPage { html: string; notes?: string[] }

export interface PageMethods {
  'page.facts': [{ path: string }, PageFacts]
  /** The page as it stands in the editor; `lived` takes the values of the last run that came to the block. */
  'page.preview': [{ path: string; text: string; flow: string; block: string; locale: string; failed: boolean; lived: boolean }, ShownPage]
  /** The pages that blocks bring along; one of the project at the same path takes their place. */
  'page.builtin': [Record<string, never>, string[]]
}
