function* numbers(n = 2) {
  try {
    for (let i = 0; i < n; i++) { const got = yield i; if (got) return got }
  } finally {
    yield 'finally'
  }
}
function* both() { yield* numbers(1); yield* [8, 9] }
export default function (event, step, api) {
  const it = numbers()
  const seen = [it.next(), it.next('stop'), it.next(), it.return(5), it.next()]
  for (const n of numbers(5)) { seen.push(n); if (n === 1) break }
  api.state.set('seen', JSON.stringify([...seen, ...both()]))
}
