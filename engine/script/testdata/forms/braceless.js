export default (event, step, api) => {
  const seen = []
  if (event.user) seen.push('if')
  else seen.push('else')
  if (!event.user) seen.push(1)
  else if (event.none) seen.push(2)
  else seen.push(3)
  for (let i = 0; i < 2; i++) seen.push(() => i)
  for (const k in {a: 1, b: 2}) seen.push(k)
  for (const n of [1, 2]) for (const m of [3]) seen.push(n * m)
  let w = 2
  while (w--) seen.push(w)
  do seen.push('do'); while (false)
  api.state.set('seen', seen.map(s => typeof s === 'function' ? s() : s))
}
