// a huge result
// ends: throw rejected memory timeout
export default async function (event, step, api) {
  const big = Array.from({ length: 300000 }, (_, i) => ({ i, s: 'x'.repeat(50) })); api.state.set('k', big)
}
