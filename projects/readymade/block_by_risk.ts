/**
 * Refuses sign-ins that are too risky: by the severity that a risk block has
 * found, or by the kind of network where none was asked.
 *
 * @title Block by risk
 * @config {text} [severity] - what a block before has found, such as {{ step.risk.severity }}; empty: judged by the network
 * @config {medium|high} [from=high] - from which severity on it refuses
 * @config {text} [message=We could not sign you in from this network.] - what the person is told
 * @output {string} severity - low, medium or high
 */
export default async function (event: Authflow.Event, step: Authflow.Step, api: Authflow.Api) {
  const severity = api.config.severity || byNetwork(event.request?.network)
  api.state.set('severity', severity)
  const levels = ['low', 'medium', 'high']
  // A severity that nobody knows is not a low one.
  if (!levels.includes(severity)) return api.deny('risk_unknown', { user_message: api.config.message })
  if (levels.indexOf(severity) >= levels.indexOf(api.config.from)) api.deny('risk_too_high', { user_message: api.config.message })
}

function byNetwork(network: string | undefined): string {
  if (network === 'tor') return 'high'
  if (network === undefined || network === '' || ['vpn', 'proxy', 'hosting'].includes(network)) return 'medium'
  return 'low'
}
