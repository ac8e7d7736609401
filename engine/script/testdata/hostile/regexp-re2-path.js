// nested quantifiers on the linear path
// ends: fine timeout
export default async function (event, step, api) {
  /^(a+)+$/.test('a'.repeat(50000) + '!')
}
