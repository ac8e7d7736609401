// Catching what a person does in the frame, where the engine lets us listen: the
// page stays in sight while the answer is on its way.
import { tokenOf } from './page-frame'

type OnMove = (token: string, fields: [string, string][]) => void

/** True when listeners of ours are called inside the frame (not so in WebKit). */
export function canListen(page: Document): boolean {
  let heard = false
  const probe = () => (heard = true)
  page.addEventListener('authflow-probe', probe)
  page.dispatchEvent(new Event('authflow-probe'))
  page.removeEventListener('authflow-probe', probe)
  return heard
}

export function listen(page: Document, onMove: OnMove): void {
  page.addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a[href], area[href]')
    const token = tokenOf(link?.getAttribute('href') ?? null)
    if (!token) return
    event.preventDefault()
    onMove(token, [])
  })
  page.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    const submitter = (event).submitter
    const token = tokenOf(submitter?.getAttribute('formaction') ?? form.getAttribute('action'))
    if (!token) return
    event.preventDefault()
    onMove(token, fieldsOf(form, submitter))
  })
  // The studio's function keys work in the page too; its texts keep all others.
  page.addEventListener('keydown', (event) => {
    if (!/^F\d+$/.test(event.key) && !((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k')) return
    const { key, code, ctrlKey, metaKey, shiftKey, altKey } = event
    const told = new KeyboardEvent('keydown', { key, code, ctrlKey, metaKey, shiftKey, altKey, cancelable: true })
    if (!window.dispatchEvent(told)) event.preventDefault()
  })
  // A dropped file or link must not take the frame elsewhere.
  for (const type of ['dragover', 'drop']) page.addEventListener(type, (event) => event.preventDefault())
}

/** The entries of a form in its order, with the button that was used. */
function fieldsOf(form: HTMLFormElement, submitter: HTMLElement | null): [string, string][] {
  const fields: [string, string][] = []
  for (const [name, value] of new FormData(form, submitter)) fields.push([name, typeof value === 'string' ? value : value.name])
  return fields
}

/** Writes a seeded person into the fields of the page. False when it has none. */
export function fillIn(page: Document, identifier: string, password: string): boolean {
  const name = page.querySelector<HTMLInputElement>('input[name="identifier"], input[autocomplete~="username"], input[type="email"], input[name="username"], input[name="email"]')
  const secret = page.querySelector<HTMLInputElement>('input[type="password"]')
  if (name) name.value = identifier
  if (secret) secret.value = password
  const last = secret ?? name
  last?.focus()
  return last !== null
}
