/**
 * Writes the plan that an invitation grants into the account. Put it after
 * verify_token, which proves that the invitation is genuine.
 *
 * @title Tier from invitation
 * @config {text} [tier] - what the invitation says, such as {{ step.invitation.claims.plan }}
 * @config {list} [tiers=free,pro,enterprise] - plans that an invitation may grant
 * @config {text} [otherwise=free] - plan of who has no invitation
 * @port unknown_tier - the invitation names a plan that there is not
 * @output {string} tier - the plan that was written
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  if (!event.user) return api.deny('no_user')
  const tier = api.config.tier || api.config.otherwise
  if (!api.config.tiers.includes(tier)) return api.leave('unknown_tier')
  api.state.set('tier', tier)
  api.user.setAppMetadata('plan', tier)
}
