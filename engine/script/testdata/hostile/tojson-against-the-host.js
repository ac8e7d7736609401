// toJSON in a value
// ends: timeout throw rejected
export default async function (event, step, api) {
  api.state.set('k', { toJSON() { for (;;); } }); const o = { get x() { for (;;); } }; api.log('info', 'x', o)
}
