// the claim sub
// ends: rejected
export default async function (event, step, api) {
  api.idToken.setCustomClaim('sub', 'usr_somebody_else')
}
