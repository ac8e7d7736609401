// deep recursion through natives
// ends: too_deep
export default async function (event, step, api) {
  const f = x => [1].map(f); f(1)
}
