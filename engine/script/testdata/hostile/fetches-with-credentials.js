// fetch with credentials
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('https://user:pass@allowed.example/')
  api.state.set('leaked', answer.status)
}
