// a secret in an output
// ends: secret_leak no_secret throw rejected
export default async function (event, step, api) {
  api.state.set('k', api.secrets.get('KEY'))
}
