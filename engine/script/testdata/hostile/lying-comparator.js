// a comparator that lies
// ends: fine timeout
export default async function (event, step, api) {
  const a = Array.from({ length: 20000 }, (_, i) => i); a.sort(() => Math.random() - 0.5); a.sort((x, y) => 1); a.sort((x, y) => NaN)
}
