// a growing object
// ends: memory died timeout
export default async function (event, step, api) {
  const o = {}; for (let i = 0; ; i++) o['k' + i] = {};
}
