// many buffers
// ends: memory died timeout
export default async function (event, step, api) {
  const a = []; for (;;) a.push(new ArrayBuffer(2**20));
}
