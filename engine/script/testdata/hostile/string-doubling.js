// a text that doubles by concat
// ends: memory died timeout rejected
export default async function (event, step, api) {
  let s = 'ab'; for (;;) s = s.concat(s)
}
