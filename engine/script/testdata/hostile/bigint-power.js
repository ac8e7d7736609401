// BigInt power
// ends: timeout memory died rejected
export default async function (event, step, api) {
  10n ** 100000000n
}
