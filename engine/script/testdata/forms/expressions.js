const pick = function ({a, b: {c} = {c: 'dflt'}, ...rest}, [x = a, ...ys] = []) { return {a, c, rest, x, ys} }
const add = (a) => (b) => a + b
const tag = (s, ...v) => s.raw.join('|') + v.join()
function named(a, b = a * 2, c = () => a + b) { let inner = c(); a = 10; return [inner, c(), arguments.length] }
export default function (event, step, api) {
  const o = {f() { return this.n }, n: 5, get g() { return 6 }, ['k' + 1]: 7}
  api.state.set('all', JSON.stringify([pick({a: 1, z: 2}, [undefined, 3]), add(1)(2), tag`a${1}b${2}`, named(1), named(1, 5),
    o.f?.(), o.none?.(), o?.x?.y.z, o.g, o.k1, event.nothing ?? 'nullish', (1, 2), void 0 === undefined,
    typeof missing, delete o.n, 'n' in o, ((...r) => r.length)(...[1, 2, 3]), (() => ({}))(), new.target === undefined]))
}
