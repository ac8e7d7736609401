// endless native sort
// ends: timeout
export default async function (event, step, api) {
  [3, 2, 1].sort(() => { for (;;); })
}
