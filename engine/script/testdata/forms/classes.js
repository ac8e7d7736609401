class Base {
  static #count = 0
  #v
  tag = (() => 'field of ' + this.constructor.name)()
  static { Base.made = []; for (const n of [1, 2]) Base.made.push(n) }
  constructor(v = 3) { this.#v = v; Base.#count++ }
  get v() { return this.#v }
  set v(n) { this.#v = n }
  static count() { return Base.#count }
  *[Symbol.iterator]() { yield this.#v; yield this.#v + 1 }
  has(o) { return #v in o }
}
class Derived extends Base {
  constructor() {
    const before = 7
    super(before)
    this.extra = super.v
  }
  get [`comp${1}`]() { return 'computed' }
  async later() { return await super.v }
}
export default async function (event, step, api) {
  const d = new Derived()
  d.v += 1
  api.state.set('all', [d.v, d.extra, d.tag, d.comp1, [...d], Base.count(), Base.made, d.has(d), d.has({}), await d.later(), new (class { x = 1 })().x])
}
