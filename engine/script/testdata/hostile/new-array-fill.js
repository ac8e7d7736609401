// new Array(1e9).fill()
// ends: memory died timeout
export default async function (event, step, api) {
  new Array(1e9).fill('x')
}
