// fetch by ip
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('https://169.254.169.254/latest/meta-data/')
  api.state.set('leaked', answer.status)
}
