// deep JSON out
// ends: died too_deep memory timeout rejected
export default async function (event, step, api) {
  let o = {}; for (let i = 0; i < 1000000; i++) o = {o}; JSON.stringify(o)
}
