function kind(v) {
  switch (typeof v) {
    case 'number':
      const twice = v * 2
      return 'number ' + twice
    case 'string': {
      const up = v.toUpperCase()
      return up
    }
    default:
      function other() { return 'other ' + typeof v }
      class Own { name = 'own' }
      return other() + new Own().name
  }
}
function shared(n) {
  const seen = []
  switch (n) {
    case 1:
      let x = 'set in one'
      seen.push(x)
    case 2:
      x = 'set in two'
      seen.push((() => x)())
      break
    case 3:
      try { x } catch (e) { seen.push(String(e)) }
  }
  return seen
}
export default (event, step, api) => {
  let two
  try { shared(2) } catch (e) { two = String(e) }
  api.state.set('all', [kind(4), kind('text'), kind({}), shared(1), two, shared(3)])
}
