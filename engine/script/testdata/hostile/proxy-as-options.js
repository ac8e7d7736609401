// a proxy with an endless trap as options
// ends: timeout
export default async function (event, step, api) {
  api.deny('x', new Proxy({}, { get() { for (;;); } }))
}
