// What came of an Action, in words.
import type { Tried } from '../engine'

export interface Words {
  tone: 'good' | 'neutral' | 'warn' | 'bad'
  title: string
  text?: string
}

export function wordsOf({ outcome, result, error, problem }: Tried): Words {
  switch (outcome) {
    case 'denied': {
      const message = result.denied?.user_message
      return { tone: 'bad', title: `Denied: ${result.denied?.reason ?? ''}`, text: message ? `The person reads: “${message}”` : 'The person reads what the flow says of a denial.' }
    }
    case 'redirect':
      return { tone: 'neutral', title: 'Sends the person away', text: `To ${result.redirect ?? ''}; the run goes on when they are back.` }
    case 'error':
      return { tone: 'bad', title: 'Failed', text: sentence(error?.message ?? problem) }
    case 'next':
      return { tone: 'good', title: 'Leaves by next', text: sentence(problem) }
    default:
      return { tone: problem ? 'warn' : 'neutral', title: `Leaves by ${outcome}`, text: sentence(problem) }
  }
}

function sentence(text: string | undefined): string | undefined {
  return text && text[0]!.toUpperCase() + text.slice(1)
}

export interface Part {
  title: string
  values: Record<string, unknown>
}

/** What the Action asked for, in the order in which people ask. */
export function asked({ result }: Tried): Part[] {
  const parts: [string, Record<string, unknown> | undefined][] = [
    ['Outputs', result.outputs],
    ['Claims of the access token', result.claims.access_token],
    ['Claims of the ID token', result.claims.id_token],
    ['Claims of the session', result.claims.session],
    ['app_metadata', result.app_metadata],
    ['user_metadata', result.user_metadata],
  ]
  return parts.flatMap(([title, values]) => (values && Object.keys(values).length > 0 ? [{ title, values }] : []))
}
