/**
 * Tags the account as corporate or self-serve by the domain of its verified
 * address, and keeps the tag.
 *
 * @title Corporate or self-serve
 * @config {list} domains - mail domains of the company and its customers
 * @output {string} kind - corporate or self-serve
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  if (!event.user) return api.deny('no_user')
  const email = event.user.email ?? ''
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  const listed = api.config.domains.some((d: string) => d.trim().toLowerCase() === domain)
  const kind = listed && event.user.email_verified ? 'corporate' : 'self-serve'
  api.state.set('kind', kind)
  api.user.setAppMetadata('account_kind', kind)
  api.accessToken.setCustomClaim('account_kind', kind)
}
