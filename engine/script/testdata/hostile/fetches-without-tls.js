// fetch without tls
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('http://allowed.example/')
  api.state.set('leaked', answer.status)
}
