// fetch by decimal
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('https://2130706433/')
  api.state.set('leaked', answer.status)
}
