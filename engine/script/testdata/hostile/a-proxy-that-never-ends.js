// a proxy that never ends
// ends: timeout
export default async function (event, step, api) {
  for (const k in new Proxy({}, {ownKeys() { for (;;); }}));
}
