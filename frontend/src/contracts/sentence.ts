// A contract as a sentence, and the form's view of it.
import type { Contract } from '../engine'

export type Kind = 'every' | 'never' | 'alike' | 'within' | 'calls_only'

export const kinds: { kind: Kind; title: string; help: string }[] = [
  { kind: 'every', title: 'Every path to … has passed …', help: 'No way leads to it around what must be passed: errors, time-outs and cancelled pages are ways too.' },
  { kind: 'never', title: 'No path leads to …', help: 'It is never reached, or not after something, or not where a condition holds.' },
  { kind: 'alike', title: '… and … look alike from outside', help: 'After each of these outcomes the same pages, ends and flows can follow. How long that takes is not looked at.' },
  { kind: 'within', title: 'No more than … passes without a page', help: 'What every call and Action may take at most, summed over the longest stretch between two pages.' },
  { kind: 'calls_only', title: 'Only … are called', help: 'No block and no Action reaches another host.' },
]

export function kindOf(contract: Contract): Kind {
  if (contract.every?.length) return 'every'
  if (contract.alike?.length) return 'alike'
  if (contract.within && contract.within !== '0s') return 'within'
  if (contract.calls_only) return 'calls_only'
  return 'never'
}

const either = (words: string[] | undefined) => (words ?? []).join(' or ')

/** The promise in words, as one would say it. */
export function sentence(contract: Contract): string {
  const where = contract.on?.length ? `On ${contract.on.join(', ')}: ` : ''
  const limits = [
    contract.after?.length ? `after ${either(contract.after)}` : '',
    contract.when ? `when ${contract.when}` : '',
    contract.unless ? `unless ${contract.unless}` : '',
  ].filter(Boolean)
  const tail = limits.length > 0 ? `, ${limits.join(', ')}` : ''
  switch (kindOf(contract)) {
    case 'every':
      return `${where}every path to ${either(contract.every)} has passed ${either(contract.passed)}${tail}.`
    case 'alike':
      return `${where}${(contract.alike ?? []).join(' and ')} look alike from outside.`
    case 'within':
      return `${where}no more than ${contract.within} passes without a page.`
    case 'calls_only':
      return contract.calls_only?.length ? `Only ${contract.calls_only.join(', ')} are called.` : 'No other host is called.'
    default:
      return `${where}never ${either(contract.never)}${tail}.`
  }
}

/** Keeps of a contract what belongs to its kind, so that nothing of another is written. */
export function only(contract: Contract, kind: Kind): Contract {
  const { name, about, on } = contract
  const head: Contract = { name: name.trim(), ...(about?.trim() ? { about: about.trim() } : {}), ...(on?.length ? { on } : {}) }
  const paths = { ...(contract.after?.length ? { after: contract.after } : {}), ...(contract.when?.trim() ? { when: contract.when.trim() } : {}), ...(contract.unless?.trim() ? { unless: contract.unless.trim() } : {}) }
  if (kind === 'every') return { ...head, every: contract.every ?? [], passed: contract.passed ?? [], ...paths }
  if (kind === 'never') return { ...head, never: contract.never ?? [], ...paths }
  if (kind === 'alike') return { ...head, alike: contract.alike ?? [] }
  if (kind === 'within') return { ...head, within: contract.within ?? '' }
  return { ...head, calls_only: contract.calls_only ?? [] }
}
