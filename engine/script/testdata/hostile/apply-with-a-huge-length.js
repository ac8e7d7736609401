// apply with a huge length
// ends: died too_deep memory timeout rejected
export default async function (event, step, api) {
  Math.max.apply(null, {length: 2**32 - 1})
}
