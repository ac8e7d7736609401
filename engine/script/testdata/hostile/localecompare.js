// localeCompare
// ends: memory died timeout fine
export default async function (event, step, api) {
  'x'.repeat(2**26).normalize('NFD').localeCompare('y')
}
