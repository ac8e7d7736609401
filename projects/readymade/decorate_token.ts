/**
 * Puts values of the account's app metadata into the tokens.
 *
 * @title Decorate token
 * @config {list} keys - names in the app metadata; what the account does not have is left out
 * @config {text} [prefix] - stands before each name, such as https://acme.example/
 * @config {access|id|both} [into=both] - which tokens
 * @output {array} added - names of the claims that were added
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  const metadata = event.user?.app_metadata ?? {}
  const added: string[] = []
  for (const key of api.config.keys) {
    const value = metadata[key]
    if (value === undefined || value === null) continue
    const name = (api.config.prefix ?? '') + key
    if (api.config.into !== 'id') api.accessToken.setCustomClaim(name, value)
    if (api.config.into !== 'access') api.idToken.setCustomClaim(name, value)
    added.push(name)
  }
  api.state.set('added', added)
}
