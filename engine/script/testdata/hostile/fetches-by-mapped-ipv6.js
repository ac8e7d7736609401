// fetch by mapped ipv6
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('https://[::ffff:169.254.169.254]/')
  api.state.set('leaked', answer.status)
}
