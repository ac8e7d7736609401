// repeat(2**40)
// ends: memory died rejected
export default async function (event, step, api) {
  'x'.repeat(2**40)
}
