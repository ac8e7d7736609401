// fetch by hex
// ends: throw rejected call_failed
export default async function (event, step, api) {
  const answer = await api.fetch('https://0x7f.1/')
  api.state.set('leaked', answer.status)
}
