/**
 * Asks for a second factor where a sign-in is risky or the device is new: put a
 * decision on mfa_required and a second factor after it.
 *
 * @title Demand MFA by risk
 * @config {text} [severity] - what a block before has found, such as {{ step.risk.severity }}; empty: judged by the network
 * @config {medium|high} [from=medium] - from which severity on it asks
 * @config {boolean} [new_device=true] - asks on a device that is not known as well
 * @output {string} because - severity, device, or empty when nothing is asked for
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  const levels = ['low', 'medium', 'high']
  const severity = api.config.severity || byNetwork(event.request?.network)
  // A severity that nobody knows asks too.
  const risky = !levels.includes(severity) || levels.indexOf(severity) >= levels.indexOf(api.config.from)
  const strange = api.config.new_device && !event.request?.device?.known
  api.state.set('because', risky ? 'severity' : strange ? 'device' : '')
  if (risky || strange) api.requireMfa()
}

function byNetwork(network: string | undefined): string {
  if (network === 'tor') return 'high'
  if (network === undefined || network === '' || ['vpn', 'proxy', 'hosting'].includes(network)) return 'medium'
  return 'low'
}
