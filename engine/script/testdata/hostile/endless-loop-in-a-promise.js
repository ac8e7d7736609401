// endless loop in a promise
// ends: timeout memory pending_promise
export default async function (event, step, api) {
  const f = () => Promise.resolve().then(f); await f();
}
