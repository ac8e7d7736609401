// endless await
// ends: timeout memory
export default async function (event, step, api) {
  for (;;) await null;
}
