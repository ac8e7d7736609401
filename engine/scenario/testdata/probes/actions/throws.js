/** Throws. */
export default async function () {
  throw new Error('a secret of the author')
}
