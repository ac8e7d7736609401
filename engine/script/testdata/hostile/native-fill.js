// native fill
// ends: timeout memory died
export default async function (event, step, api) {
  Array.prototype.fill.call({length: 2**53}, 1)
}
