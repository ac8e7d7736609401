// fetch by file
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('file:///etc/passwd')
  api.state.set('leaked', answer.status)
}
