/**
 * Keeps out people whose mail address is of a listed domain or of a subdomain of it.
 *
 * @title Domain blocklist
 * @config {list} domains - mail domains that are refused
 * @config {text} [message=This address cannot be used here.] - what they are told
 * @output {string} domain - the domain of the address
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  // Without an address nothing can be said against it, and a list that is not
  // asked protects nobody.
  if (!event.user?.email) return api.deny('no_address', { user_message: api.config.message })
  const domain = event.user.email.slice(event.user.email.lastIndexOf('@') + 1).toLowerCase()
  api.state.set('domain', domain)
  const blocked = api.config.domains.map((d: string) => d.trim().toLowerCase())
  if (blocked.some((d: string) => domain === d || domain.endsWith('.' + d))) {
    api.deny('domain_blocked', { user_message: api.config.message })
  }
}
