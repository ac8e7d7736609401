// many arguments
// ends: died too_deep memory timeout rejected fine
export default async function (event, step, api) {
  Math.max(...new Array(10000000).fill(1))
}
