// join of a huge array
// ends: timeout memory died
export default async function (event, step, api) {
  new Array(2**32 - 1).join('xxxxxxxx')
}
