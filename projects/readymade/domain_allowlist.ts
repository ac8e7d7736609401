/**
 * Lets in only people whose mail address is of a listed domain, and verified.
 *
 * @title Domain allowlist
 * @config {list} domains - mail domains that are welcome; their subdomains are not, unless they are listed too
 * @config {text} [message=Please sign in with an address of your company.] - what others are told
 * @output {string} domain - the domain of the address
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  const refuse = (reason: string) => api.deny(reason, { user_message: api.config.message })
  if (!event.user?.email) return refuse('no_address')
  const domain = event.user.email.slice(event.user.email.lastIndexOf('@') + 1).toLowerCase()
  api.state.set('domain', domain)
  // An address that nobody has proven to be theirs says nothing about a person.
  if (!event.user.email_verified) return refuse('address_not_verified')
  const welcome = api.config.domains.map((d: string) => d.trim().toLowerCase())
  if (!welcome.includes(domain)) return refuse('domain_not_allowed')
}
