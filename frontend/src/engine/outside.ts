// Addresses that are looked at in the person's own browser, never in this window.

interface Opener { runtime?: { BrowserOpenURL?: (url: string) => void } }

export function openOutside(url: string): void {
  const { runtime } = globalThis as unknown as Opener
  if (runtime?.BrowserOpenURL) runtime.BrowserOpenURL(url)
  else window.open(url, '_blank', 'noopener')
}
