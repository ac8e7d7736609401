// the host, without end
// ends: throw rejected too_many_calls
export default async function (event, step, api) {
  for (let i = 0; i < 1000; i++) await api.fetch('https://allowed.example/')
}
