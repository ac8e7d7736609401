// deny, and then claims
// ends: fine
export default async function (event, step, api) {
  api.deny('first'); api.state.set('leaked', 1); api.accessToken.setCustomClaim('role', 'admin'); api.deny('second')
}
