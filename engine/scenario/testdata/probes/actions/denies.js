/** Denies, and goes on as if it had not. */
export default async function (event, step, api) {
  api.deny('not_today')
  api.user.setAppMetadata('role', 'admin')
  api.accessToken.setCustomClaim('role', 'admin')
  api.deny('tomorrow')
}
