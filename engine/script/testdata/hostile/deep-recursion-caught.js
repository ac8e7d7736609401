// deep recursion caught
// ends: too_deep timeout
export default async function (event, step, api) {
  const f = () => { try { f() } catch { f() } }; f()
}
