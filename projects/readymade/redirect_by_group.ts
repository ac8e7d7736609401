/**
 * Sends people of a group to another page first, such as new terms or a survey;
 * the sign-in goes on when they are back.
 *
 * @title Redirect by group
 * @config {text} group - who is sent there
 * @config {text} url - where to; it gets a parameter state, which it hands back to /fl/callback
 * @config {text} [key=groups] - where the app metadata of the account holds its group, or a list of them
 * @output {boolean} redirected - whether the person was sent there
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  const held = event.user?.app_metadata?.[api.config.key]
  const groups: unknown[] = Array.isArray(held) ? [...held] : held === undefined ? [] : [held]
  const member = groups.includes(api.config.group)
  api.state.set('redirected', member)
  if (member) api.redirect.to(api.config.url)
}
