const later = async () => {
  await null
  throw new TypeError('too late')
}
export default async function (event, step, api) {
  console.warn('going')
  await later()
}
