function deep(n) {
  if (n) return deep(n - 1)
  const o = {}
  return o.missing.property
}
export default async (event, step, api) => {
  api.log('info', 'before', {n: 1})
  const r = [1, 2].map(x => deep(x))
  api.state.set('never', r)
}
