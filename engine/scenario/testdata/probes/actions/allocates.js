/** Allocates without end. */
export default async function () {
  let a = [1]
  for (;;) a = [...a, ...a]
}
