// a thenable
// ends: timeout
export default async function (event, step, api) {
  return {then() { for (;;); }}
}
