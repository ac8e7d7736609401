// ArrayBuffer, again and again
// ends: memory died timeout
export default async function (event, step, api) {
  const keep = []; for (let i = 0; i < 1e6; i++) keep.push(new Uint8Array(2 ** 20).fill(i))
}
