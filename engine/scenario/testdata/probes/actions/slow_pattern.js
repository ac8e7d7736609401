/** A pattern that takes longer than the universe lasts, unless somebody stops it. */
export default async function () {
  const again = () => { /^(?=(a+)+$)\1b/.test('a'.repeat(40)); return again() }
  again()
}
