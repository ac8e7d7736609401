/**
 * Tags the account as corporate or self-serve by the domain of its address, so
 * that applications can read it from the token.
 *
 * @title Account kind
 * @config {text} [corporate_domains=acme.example] - mail domains of the company, separated by commas
 * @output {string} kind - corporate or self-serve
 */
export default async function (event, step, api) {
  const domain = (event.user.email || '').split('@').pop()
  const corporate = api.config.corporate_domains.split(',').map((d) => d.trim())
  const kind = corporate.includes(domain) ? 'corporate' : 'self-serve'
  api.state.set('kind', kind)
  api.accessToken.setCustomClaim('account_kind', kind)
  api.log('info', 'tagged the account', { kind })
}
