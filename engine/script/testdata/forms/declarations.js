export default async function (event, step, api) {
  var a = 1
  let b = a + 1, c
  const {d = 4, e: {f = 5} = {}, ...rest} = {x: 1, y: 2}
  const [g, , h = 8, ...more] = [6, 7, undefined, 9, 10]
  c = [a, b, d, f, rest, g, h, more]
  { let a = 'inner'; c.push(a) }
  for (var v = 0; v < 2; v++) c.push(v)
  c.push(v, typeof later, hoisted())
  function hoisted() { return 'hoisted' }
  var later = 1
  api.state.set('c', c)
}
