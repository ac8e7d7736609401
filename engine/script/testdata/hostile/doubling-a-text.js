// doubling a text
// ends: memory died timeout rejected
export default async function (event, step, api) {
  let s = 'x'; for (;;) s += s;
}
