// split of a long text
// ends: memory died timeout
export default async function (event, step, api) {
  'x'.repeat(2**26).split('')
}
