// console of a trap
// ends: fine rejected
export default async function (event, step, api) {
  console.log(new Proxy({}, {get() { for (;;); }}), {get x() { throw 1 }})
}
