// The line of the caret in each open Action, for commands. Apart from the editor,
// which is loaded only when one is opened.
const carets = new Map<string, number>()

export function keepCaret(path: string, line: number): void {
  carets.set(path, line)
}

export function caretLine(path: string): number {
  return carets.get(path) ?? 1
}
