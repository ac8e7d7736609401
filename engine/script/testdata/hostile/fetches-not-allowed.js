// fetch not allowed
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('https://evil.example/')
  api.state.set('leaked', answer.status)
}
