// endless loop
// ends: timeout
export default async function (event, step, api) {
  for (;;) {}
}
