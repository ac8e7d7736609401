// array of 2**32
// ends: timeout memory died
export default async function (event, step, api) {
  new Array(2**32 - 1).fill(0)
}
