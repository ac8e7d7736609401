// catastrophic regexp
// ends: timeout fine
export default async function (event, step, api) {
  /^(?=(a+)+$)\1b/.test('a'.repeat(40))
}
