/** Runs for ever. */
export default async function () {
  for (;;) {}
}
