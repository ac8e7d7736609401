const order = []
const tick = (n) => Promise.resolve(n)
async function one(n) {
  order.push('one' + n)
  const got = await tick(n)
  order.push('got' + got)
  try { await Promise.reject(new Error('no ' + n)) } catch (e) { order.push(e.message) } finally { order.push('fin' + n) }
  return got * 2
}
const two = async n => { for (const x of [1, 2]) { await null; order.push(n + x) } return n }
const brief = async n => (await tick(n)) + 1
export default async (event, step, api) => {
  const all = await Promise.all([one(1), one(2), two('t'), brief(5)])
  const race = await Promise.race([tick('first'), tick('second')])
  const settled = (await Promise.allSettled([tick(1), Promise.reject(2)])).map(s => s.status)
  await tick(0).then(n => { order.push('then' + n) })
  api.state.set('all', [all, race, settled, order])
}
