// the claim acr by an alias
// ends: rejected
export default async function (event, step, api) {
  api.setCustomClaim('acr', 'aal3')
}
