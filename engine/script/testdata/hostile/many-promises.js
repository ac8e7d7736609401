// many promises
// ends: memory died timeout
export default async function (event, step, api) {
  const a = []; for (;;) a.push(Promise.reject(1));
}
