export default (event, step, api) => {
  const seen = []
  outer: for (let i = 0; i < 3; i++) {
    inner: for (let j = 0; j < 3; j++) {
      if (j === 1) continue outer
      if (i === 2) break outer
      seen.push([i, j])
    }
  }
  block: { seen.push('in'); if (seen.length) break block; seen.push('never') }
  switch (seen.length) {
    case 1: seen.push('one')
    case 3: let x = 'three'; seen.push(x)
    case 4: seen.push('through'); break
    default: seen.push('default')
  }
  switch (1) { case 1: switch (2) { default: seen.push('nested') } }
  api.state.set('seen', seen)
}
