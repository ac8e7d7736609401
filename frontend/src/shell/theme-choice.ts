// The person's choice of theme, remembered.
import { keepSetting, setting, useSettings } from '../engine'
import { setTheme, type ThemeChoice } from '../ui'

const order: ThemeChoice[] = ['system', 'light', 'dark']

function read(values: Record<string, unknown>): ThemeChoice {
  const value = setting<string>(values, 'theme', 'system')
  return order.includes(value as ThemeChoice) ? (value as ThemeChoice) : 'system'
}

export function useTheme(): ThemeChoice {
  return useSettings((state) => read(state.values))
}

export function chooseTheme(choice: ThemeChoice): void {
  keepSetting('theme', choice)
  setTheme(choice)
}

export function cycleTheme(): void {
  const now = read(useSettings.getState().values)
  chooseTheme(order[(order.indexOf(now) + 1) % order.length]!)
}

/** Applies what was chosen last time. */
export function applyKeptTheme(): void {
  setTheme(read(useSettings.getState().values))
}
