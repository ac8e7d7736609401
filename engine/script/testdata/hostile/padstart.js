// padStart
// ends: memory died rejected timeout
export default async function (event, step, api) {
  'x'.padStart(2**33, 'y')
}
