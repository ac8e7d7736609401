// a comparator that changes the array
// ends: fine timeout rejected died
export default async function (event, step, api) {
  const a = Array.from({ length: 5000 }, (_, i) => i); a.sort((x, y) => { a.length = 0; return x - y })
}
