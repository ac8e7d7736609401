// a growing array
// ends: memory died timeout
export default async function (event, step, api) {
  const a = []; for (;;) a.push(new Array(1000).fill(1));
}
