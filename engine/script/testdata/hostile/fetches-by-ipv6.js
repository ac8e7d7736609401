// fetch by ipv6
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('https://[::1]/')
  api.state.set('leaked', answer.status)
}
