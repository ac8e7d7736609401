// a proxy where options belong
// ends: throw rejected timeout
export default async function (event, step, api) {
  api.state.set('k', new Proxy({}, { get() { throw new Error('trap') }, ownKeys() { throw new Error('trap') }, getOwnPropertyDescriptor() { throw new Error('trap') } }))
}
