// What an Action can use, in short, for those who look before they type.

export const apiHelp: { title: string; text: string; entries: [string, string][] }[] = [
  {
    title: 'event',
    text: 'Who comes, from where, for what. Read only; groups are absent until they are known.',
    entries: [
      ['event.user', 'id, email, app_metadata, user_metadata, factors: after the lookup'],
      ['event.request', 'ip, geo, asn, network, user_agent, device'],
      ['event.authentication', 'aal, methods, risk'],
      ['event.client', 'The client that asked'],
      ['event.transaction', 'scopes, redirect_uri, nonce, locale'],
    ],
  },
  { title: 'step', text: 'What earlier blocks wrote: step.<block id>.<output>. Read only.', entries: [] },
  {
    title: 'api',
    text: 'What the Action does.',
    entries: [
      ['api.config.<name>', 'A setting that the header names with @config'],
      ['api.deny(reason, { user_message })', 'Ends the run as denied'],
      ['api.leave(port)', 'Leaves by a port that the header names with @port'],
      ['api.requireMfa(factor?)', 'Demands a second factor'],
      ['api.redirect.to(url)', 'Sends the person away; the run goes on when they are back'],
      ['api.state.set(key, value)', 'Writes an output of this block'],
      ['api.accessToken.setCustomClaim(name, value)', 'Adds a claim; idToken and session have the same'],
      ['api.user.setAppMetadata(key, value)', 'Writes to the account; setUserMetadata too'],
      ['api.fetch(url, init)', 'Calls a host that the project allows'],
      ['api.secrets.get(name)', 'A secret of the server'],
      ['api.log(level, message, fields)', 'Writes to the record of the run'],
      ['api.now(), api.random()', 'The time and the randomness of the run'],
    ],
  },
]
