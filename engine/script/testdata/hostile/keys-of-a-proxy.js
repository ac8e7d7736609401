// keys of a proxy
// ends: rejected
export default async function (event, step, api) {
  api.state.set('k', new Proxy({}, {ownKeys: () => new Array(1e9).fill('x')}))
}
