// the claim iss
// ends: rejected
export default async function (event, step, api) {
  api.accessToken.setCustomClaim('iss', 'https://evil.example')
}
