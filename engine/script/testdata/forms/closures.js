export default (event, step, api) => {
  const fs = []
  for (let i = 0; i < 3; i++) { let j = i * 2; fs.push(() => [i, j++]) }
  const counter = (() => { let n = 0; return {up: () => ++n, get n() { return n }} })()
  counter.up(); counter.up()
  const memo = new Map(), fib = n => n < 2 ? n : memo.get(n) ?? (memo.set(n, fib(n - 1) + fib(n - 2)), memo.get(n))
  let self = function me(n) { return n ? me(n - 1) + 1 : 0 }
  api.state.set('all', [fs.map(f => f()), fs.map(f => f()), counter.n, fib(30), self(20), [3, 1, 2].sort((a, b) => a - b), JSON.stringify({a: [1]}, (k, v) => v)])
}
