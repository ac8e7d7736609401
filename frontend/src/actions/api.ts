// What an Action can use, for its help and for completion.
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'

export const apiHelp: { title: string; text: string; entries: [string, string][] }[] = [
  {
    title: 'event',
    text: 'Who comes, from where, for what. Read only; groups are absent until they are known.',
    entries: [
      ['event.user', 'id, email, app_metadata, user_metadata, factors: after the lookup'],
      ['event.request', 'ip, geo, asn, user_agent, device'],
      ['event.authentication', 'aal, methods, risk_score'],
      ['event.client', 'The client that asked'],
      ['event.transaction', 'scopes, redirect_uri, nonce, locale'],
    ],
  },
  { title: 'step', text: 'What earlier blocks wrote: step.<block id>.<output>. Read only.', entries: [] },
  {
    title: 'api',
    text: 'What the Action does.',
    entries: [
      ['api.deny(reason, { user_message })', 'Ends the run as denied'],
      ['api.requireMfa(factor?)', 'Demands a second factor'],
      ['api.state.set(key, value)', 'Writes an output of this block'],
      ['api.accessToken.setCustomClaim(name, value)', 'Adds a claim to the access token'],
      ['api.idToken.setCustomClaim(name, value)', 'Adds a claim to the ID token'],
      ['api.user.setAppMetadata(key, value)', 'Writes to the account'],
      ['api.fetch(url, init)', 'Calls a host that the project allows'],
      ['api.secrets.get(name)', 'A secret of the server'],
      ['api.log(level, message, fields)', 'Writes to the journal of the run'],
      ['api.now()', 'The time in the world of the run'],
      ['api.random()', 'Randomness of the run'],
    ],
  },
]

const members: Record<string, string[]> = {
  event: ['user', 'request', 'authentication', 'client', 'connection', 'tenant', 'transaction'],
  'event.user': ['id', 'email', 'app_metadata', 'user_metadata', 'factors'],
  'event.request': ['ip', 'geo', 'asn', 'user_agent', 'device'],
  'event.authentication': ['aal', 'methods', 'risk_score'],
  'event.transaction': ['scopes', 'redirect_uri', 'nonce', 'locale'],
  api: ['deny', 'requireMfa', 'state', 'log', 'fetch', 'user', 'session', 'accessToken', 'idToken', 'redirect', 'secrets', 'now', 'random'],
  'api.state': ['set'],
  'api.user': ['setAppMetadata', 'setUserMetadata'],
  'api.session': ['setCustomClaim'],
  'api.accessToken': ['setCustomClaim'],
  'api.idToken': ['setCustomClaim'],
  'api.redirect': ['to'],
  'api.secrets': ['get'],
}

/** Completes members of event and api after a dot. */
export function completeApi(context: CompletionContext): CompletionResult | null {
  const match = context.matchBefore(/\b(?:event|api)(?:\.\w+)*\.\w*/)
  if (!match) return null
  const dot = match.text.lastIndexOf('.')
  const names = members[match.text.slice(0, dot)]
  return names ? { from: match.from + dot + 1, options: names.map((label) => ({ label, type: 'property' })), validFor: /^\w*$/ } : null
}
