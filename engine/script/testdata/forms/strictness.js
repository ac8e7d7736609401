export default function (event, step, api) {
  const seen = []
  for (const f of [() => { undeclared = 1 }, () => { event.user.id = 'x' }, () => { Object.freeze([]).push(1) }, () => { late; let late = 1 }, () => { const c = 1; c = 2 }, function () { return this === undefined ? seen.push('no this') : 0 }]) {
    try { f() } catch (e) { seen.push(String(e)) }
  }
  api.state.set('seen', seen)
}
