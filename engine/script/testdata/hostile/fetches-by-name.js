// fetch by name
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('https://localhost/')
  api.state.set('leaked', answer.status)
}
