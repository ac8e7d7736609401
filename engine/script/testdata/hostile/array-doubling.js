// an array that doubles
// ends: memory died timeout too_deep rejected
export default async function (event, step, api) {
  let a = [1]; for (;;) a = [...a, ...a]
}
