// a JSON text of many small values
// ends: memory died timeout rejected
export default async function (event, step, api) {
  const s = '[' + '{},'.repeat(5e6) + '1]'; JSON.parse(s); JSON.parse(s)
}
