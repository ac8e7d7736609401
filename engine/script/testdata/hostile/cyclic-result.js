// a cycle in a result
// ends: throw rejected
export default async function (event, step, api) {
  const o = {}; o.o = o; api.state.set('k', o)
}
