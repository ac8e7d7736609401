// deep recursion
// ends: too_deep
export default async function (event, step, api) {
  const f = () => f() + 1; f()
}
