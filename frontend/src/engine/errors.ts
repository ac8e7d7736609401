// The errors of a call, and the words for those that have none of their own.
// Go's answers already say what happened and what to do; this file speaks only
// for what Go cannot: the line is down, the answer makes no sense.
import type { ApiError } from './types'

/** A call that failed. `code` is what code acts on, `message` what a person reads. */
export class EngineError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly data: unknown

  constructor(error: ApiError) {
    super(error.message)
    this.name = 'EngineError'
    this.code = error.code
    this.hint = error.hint
    this.data = error.data
  }
}

const words: Record<string, ApiError> = {
  unreachable: {
    code: 'unreachable',
    message: 'The studio does not answer.',
    hint: 'Check that authflow is still running. Your edits are kept in this window and saved as soon as it answers again.',
  },
  unauthorized: {
    code: 'unauthorized',
    message: 'This window has no permission to talk to the studio.',
    hint: 'Open the address that authflow printed when it started: it carries the key for this run.',
  },
  bad_answer: {
    code: 'bad_answer',
    message: 'The studio answered something that cannot be read.',
    hint: 'Reload this window. If it happens again, restart authflow.',
  },
  clipboard: {
    code: 'clipboard',
    message: 'The clipboard cannot be reached from here.',
    hint: 'Use the keys of your system for copying and pasting: they always work.',
  },
}

/** An error of the front end itself, by its code. */
export function ownError(code: keyof typeof words  ): EngineError {
  return new EngineError(words[code] ?? { code, message: code })
}

/** What to show for anything that was thrown. */
export function describe(error: unknown): { message: string; hint?: string } {
  if (error instanceof EngineError) return { message: error.message, hint: error.hint }
  // Nobody wrote this for people.
  return { message: `Something in this window went wrong: ${error instanceof Error ? error.message : String(error)}.`, hint: 'Your work is kept. Try again; if it stays so, reload the window.' }
}

/** The same in one line: what happened, and what to do. */
export function inOneLine(error: unknown): string {
  const { message, hint } = describe(error)
  return hint ? `${message} ${hint}` : message
}
