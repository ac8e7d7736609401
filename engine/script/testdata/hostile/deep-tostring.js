// deep toString
// ends: too_deep died
export default async function (event, step, api) {
  const o = {toString: () => '' + o}; '' + o
}
