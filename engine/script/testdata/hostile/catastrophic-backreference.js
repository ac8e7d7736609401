// catastrophic backreference
// ends: timeout
export default async function (event, step, api) {
  /^(\w+\s?)*\1$/.test('aaaa aaaa aaaa aaaa aaaa aaaa aaaa aaaa!')
}
