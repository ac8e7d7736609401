// a typed array
// ends: memory died rejected
export default async function (event, step, api) {
  new Uint8Array(2**34)
}
