// replace with a function
// ends: memory died timeout fine rejected
export default async function (event, step, api) {
  'x'.repeat(1e7).replace(/x/g, () => 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy')
}
