// deep flat
// ends: died too_deep memory timeout rejected
export default async function (event, step, api) {
  let a = []; for (let i = 0; i < 1000000; i++) a = [a]; a.flat(Infinity)
}
