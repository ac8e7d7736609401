// fetch by octal
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('https://0177.0.0.1/')
  api.state.set('leaked', answer.status)
}
