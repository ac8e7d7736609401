// deep JSON
// ends: died too_deep memory timeout rejected
export default async function (event, step, api) {
  JSON.parse('['.repeat(10000000))
}
