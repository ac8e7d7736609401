// catch and go on
// ends: timeout
export default async function (event, step, api) {
  for (;;) { try { for (;;); } catch {} }
}
