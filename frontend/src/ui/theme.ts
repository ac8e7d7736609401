// Dark and light: the system's choice, unless the person chose.

export type ThemeChoice = 'system' | 'light' | 'dark'

const dark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : null
let choice: ThemeChoice = 'system'

function apply(): void {
  const theme = choice === 'system' ? (dark?.matches ? 'dark' : 'light') : choice
  document.documentElement.dataset.theme = theme
}

export function setTheme(next: ThemeChoice): void {
  choice = next
  apply()
}

/** Follows the system from now on. */
export function followSystemTheme(): void {
  apply()
  dark?.addEventListener('change', apply)
}
