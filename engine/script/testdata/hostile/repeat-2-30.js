// repeat(2**30)
// ends: memory died rejected
export default async function (event, step, api) {
  const s = 'x'.repeat(2**30); return s.length
}
