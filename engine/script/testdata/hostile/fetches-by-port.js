// fetch by port
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('https://127.0.0.1:9400/control/v1/users')
  api.state.set('leaked', answer.status)
}
