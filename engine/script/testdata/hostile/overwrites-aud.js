// the claim aud
// ends: rejected
export default async function (event, step, api) {
  api.accessToken.setCustomClaim('aud', 'another-api')
}
