// a huge BigInt
// ends: memory died timeout rejected
export default async function (event, step, api) {
  let n = 2n; for (;;) n = n * n;
}
