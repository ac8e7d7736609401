// date source
// ends: timeout
export default async function (event, step, api) {
  for (;;) Date.now();
}
